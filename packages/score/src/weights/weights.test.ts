import { vp } from '@sgm/sde'
import {
  deserialize,
  dispose,
  key,
  mean,
  type NamedTensors,
  normal,
  serialize,
  slice,
  square,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { scoreFromDdpm } from '../discrete/ddpm'
import { ddpm } from '../networks/ddpm'
import { readFixture } from '../networks/fixture'
import { mlp } from '../networks/mlp'
import { bind } from '../networks/network'
import { gaussianFourier } from '../networks/time-embedding'
import { tutorialUnet } from '../networks/tutorial-unet'
import { noisePrediction } from '../parametrisation/predictions'
import { fromDiffusers } from './diffusers'
import type { DiffusersConfig } from './diffusers-config'
import type { DiffusersTransformerConfig } from './diffusers-transformer'
import { fromScoreSde } from './score-sde'
import { loadWeights, saveWeights } from './weights'

describe('weights', () => {
  const network = tutorialUnet({ widths: [4, 8, 8, 16], groups: [2, 4], embedding: 8 })
  const parameters = network.init(key(1))

  it('come back from a file as they were', async () => {
    const bytes = await saveWeights(network, parameters, { step: '3' })
    expect(deserialize(bytes).metadata).toEqual({ step: '3' })
    const loaded = expectNoLeaks(() => loadWeights(network, bytes))
    expect(Object.keys(loaded)).toEqual(Object.keys(parameters))
    for (const [name, value] of Object.entries(parameters)) {
      expect(await loaded[name]!.data()).toEqual(await value.data())
    }
  })

  it('come back for every kind of network', async () => {
    const time = gaussianFourier({ size: 4 })
    for (const one of [mlp({ hidden: [5], time }), noisePrediction.score(mlp({ hidden: [3] }), vp())]) {
      const own = one.init(key(2))
      const loaded = loadWeights(one, await saveWeights(one, own))
      const [x, t] = [normal(key(3), [4, 2]), tensor([0.1, 0.2, 0.3, 0.4])]
      await expectNear(one.apply(loaded, x, t), one.apply(own, x, t), 0)
    }
  })

  it('are refused where they are another network’s, and nothing stays in memory', async () => {
    const { 'up.0.conv.bias': bias, ...rest } = parameters
    const files = [
      [await serialize(rest), 'loadWeights: expected a tensor up.0.conv.bias, got none'],
      [await serialize({ ...parameters, more: bias! }), 'expected no other tensors, got more'],
      [
        await serialize({ ...parameters, 'up.0.conv.bias': tensor([1, 2]) }),
        'expected up.0.conv.bias of shape [1], got [2]',
      ],
    ] as const
    for (const [bytes, message] of files) {
      expectNoLeaks(() => {
        expect(() => loadWeights(network, bytes)).toThrow(message)
      })
    }
    for (const name of ['toString', 'constructor', 'hasOwnProperty']) {
      const odd = await serialize({ ...parameters, [name]: bias! })
      expectNoLeaks(() => {
        expect(() => loadWeights(network, odd)).toThrow(`expected no other tensors, got ${name}`)
      })
      const wanted = { ...network, shapes: { ...network.shapes, [name]: [1] } }
      await expect(saveWeights(wanted, parameters)).rejects.toThrow(`a tensor ${name}, got none`)
    }
    await expect(saveWeights(network, rest)).rejects.toThrow('saveWeights: expected a tensor up.0.conv.bias')
    const other = tutorialUnet({ widths: [4, 8, 8, 16], groups: [2, 4], embedding: 8, classes: 2 })
    await expect(saveWeights(other, parameters)).rejects.toThrow('a tensor classes.table, got none')
  })
})

describe.each(['ddpm', 'plain'])('fromDiffusers with the configuration %s', (name) => {
  const { parameters: tensors, values, metadata } = readFixture(`diffusers-${name}`)
  const config = JSON.parse(metadata.config!) as DiffusersConfig

  it('computes what diffusers does', async () => {
    const { network, parameters } = expectNoLeaks(() => fromDiffusers(config, tensors))
    const y = network.apply(parameters, values.x!, values.t!, values.labels)
    await expectNear(y, values.y!, 1e-4)
  })

  it('refuses tensors of another model', () => {
    const { 'conv_in.bias': bias, ...rest } = tensors
    expectNoLeaks(() => {
      expect(() => fromDiffusers(config, rest)).toThrow(
        'fromDiffusers: expected a tensor conv_in.bias, got none',
      )
      expect(() => fromDiffusers(config, { ...tensors, more: bias! })).toThrow('no other tensors, got more')
      expect(() => fromDiffusers({ ...config, layers_per_block: 2 }, tensors)).toThrow(
        'expected a tensor down_blocks.0',
      )
    })
    const wrong = normal(key(0), [5])
    expect(() => fromDiffusers(config, { ...rest, 'conv_in.bias': wrong })).toThrow(
      'conv_in.bias for input.bias of shape [4], got [5]',
    )
  })
})

describe.each(['conditional', 'convolved'])('fromDiffusers with the U-Net told a context, %s', (name) => {
  const { parameters: tensors, values, metadata } = readFixture(`diffusers-${name}`)
  const config = JSON.parse(metadata.config!) as DiffusersConfig

  it('computes what diffusers does', async () => {
    const { network, parameters } = expectNoLeaks(() => fromDiffusers(config, tensors))
    await expectNear(network.apply(parameters, values.x!, values.t!, values.told), values.y!, 1e-4)
  })

  it('says what condition it wants', () => {
    const { network, parameters } = fromDiffusers(config, tensors)
    expect(() => network.apply(parameters, values.x!, values.t!)).toThrow('a condition [2, L, 6], got none')
    expect(() => network.apply(parameters, values.x!, values.t!, normal(key(0), [2, 5, 7]))).toThrow(
      'a condition [2, L, 6], got [2, 5, 7]',
    )
  })

  it.each([
    [{ addition_embed_type: 'image' }, "addition_embed_type to be null or 'text_time', got 'image'"],
    [{ addition_embed_type: 'text_time' }, 'addition_time_embed_dim / 2 to be an integer'],
    [{ class_embed_type: 'projection' }, 'projection_class_embeddings_input_dim to be an integer'],
    [{ class_embed_type: 'simple_projection' }, "got 'simple_projection'"],
    [{ time_cond_proj_dim: 256 }, 'time_cond_proj_dim to be null, got 256'],
    [{ attention_type: 'gated' }, "attention_type to be 'default', got 'gated'"],
    [{ conv_in_kernel: 1 }, 'conv_in_kernel to be 3, got 1'],
    [{ resnet_out_scale_factor: 2 }, 'resnet_out_scale_factor to be 1, got 2'],
    [{ mid_block_type: 'UNetMidBlock2D' }, "mid_block_type to be 'UNetMidBlock2DCrossAttn'"],
    [{ attention_head_dim: 3 }, 'an attention_head_dim that divides 4 channels, got 3'],
    [{ _class_name: 'UNet3DConditionModel' }, "got 'UNet3DConditionModel'"],
    [{ num_class_embeds: 3 }, 'a tensor class_embedding.weight, got none'],
    [
      { cross_attention_dim: 7 },
      'attn2.to_k.weight for down.0.0.attention.0.cross.key.weight of shape [7, 4]',
    ],
  ])('refuses %o by name', (change, message) => {
    expectNoLeaks(() => {
      expect(() => fromDiffusers({ ...config, ...change }, tensors)).toThrow(message)
    })
  })
})

describe.each([
  ['text-time', ['encoder_hidden_states', 'text_embeds', 'time_ids']],
  ['projection', ['encoder_hidden_states', 'class_labels']],
  ['timestep', ['class_labels']],
] as const)('fromDiffusers with the U-Net told several things, %s', (name, told) => {
  const { parameters: tensors, values, metadata } = readFixture(`diffusers-${name}`)
  const config = JSON.parse(metadata.config!) as DiffusersConfig
  const conditions = Object.fromEntries(told.map((one) => [one, values[one]!]))

  it('computes what diffusers does', async () => {
    const { network, parameters } = expectNoLeaks(() => fromDiffusers(config, tensors))
    const y = expectNoLeaks(() => bind(network, parameters, conditions)(values.x!, values.t!))
    await expectNear(y, values.y!, 1e-4)
  })

  it.each(told)('says that it wants %s', (one) => {
    const { network, parameters } = fromDiffusers(config, tensors)
    const { [one]: _, ...rest } = conditions
    expect(() => network.apply(parameters, values.x!, values.t!, rest)).toThrow(/condition/)
  })

  it('has a slope in every parameter', async () => {
    const { network, parameters } = fromDiffusers(config, tensors)
    const loss = (p: NamedTensors): Tensor => mean(square(network.apply(p, values.x!, values.t!, conditions)))
    const { gradient } = valueAndGrad<NamedTensors, []>(loss)(parameters)
    for (const [parameter, slope] of Object.entries(gradient)) {
      expect(
        (await slope.data()).some((one) => one !== 0),
        parameter,
      ).toBe(true)
    }
  })
})

describe('fromDiffusers with classes as they are', () => {
  it('adds them to the embedding of the time', async () => {
    const { parameters: all, values, metadata } = readFixture('diffusers-timestep')
    const tensors = Object.fromEntries(
      Object.entries(all).filter(([name]) => !name.startsWith('class_embedding')),
    )
    const config = { ...(JSON.parse(metadata.config!) as DiffusersConfig), class_embed_type: 'identity' }
    const { network, parameters } = fromDiffusers(config, tensors)
    const y = network.apply(parameters, values.x!, values.t!, { class_labels: values.identity! })
    await expectNear(y, values.y_identity!, 1e-4)
  })
})

describe('fromDiffusers with a transformer', () => {
  const { parameters: tensors, values, metadata } = readFixture('diffusers-dit')
  const config = JSON.parse(metadata.config!) as DiffusersTransformerConfig

  it('computes what diffusers does', async () => {
    const { network, parameters } = expectNoLeaks(() => fromDiffusers(config, tensors))
    await expectNear(network.apply(parameters, values.x!, values.t!, values.labels), values.y!, 1e-4)
  })

  it('takes the last class where it is told none', async () => {
    const { network, parameters } = fromDiffusers({ ...config, _class_name: 'Transformer2DModel' }, tensors)
    const untold = network.apply(parameters, values.x!, values.t!)
    const [first, told] = [
      slice(untold, [0, 0, 0, 0], [1, 6, 6, 6]),
      slice(values.y!, [0, 0, 0, 0], [1, 6, 6, 6]),
    ]
    await expectNear(first, told, 1e-4)
  })

  it.each([
    [{ norm_type: 'ada_norm_single' }, "norm_type to be 'ada_norm_zero', got 'ada_norm_single'"],
    [{ activation_fn: 'geglu' }, "activation_fn to be 'gelu-approximate', got 'geglu'"],
    [{ sample_size: 5 }, 'a sample_size that 2 divides, got 5'],
    [{ num_layers: 3 }, 'a tensor transformer_blocks.2'],
    [{ attention_head_dim: 2 ** 30 }, 'attention_head_dim to be an integer <= 256'],
    [{ num_layers: 2 ** 30 }, 'num_layers to be an integer <= 1024'],
  ])('refuses %o by name', (change, message) => {
    expectNoLeaks(() => {
      expect(() => fromDiffusers({ ...config, ...change }, tensors)).toThrow(message)
    })
  })
})

describe('fromDiffusers', () => {
  const { parameters: tensors, values, metadata } = readFixture('diffusers-ddpm')
  const config = JSON.parse(metadata.config!) as DiffusersConfig

  it('gives a network that DDPM’s steps make a score', async () => {
    const process = vp()
    const { network, parameters } = fromDiffusers(config, tensors)
    const score = scoreFromDdpm(bind(network, parameters), process)
    const noise = await values.y!.data()
    const half = noise.length / 2
    const times = [3 / 999, 700 / 999]
    const exact = Array.from(noise, (v, i) => -v / process.marginal(times[Math.floor(i / half)]!).sigma)
    await expectNear(score(values.x!, tensor(times)), exact, 1e-3)
  })

  it('reads the attention of older files', async () => {
    const older = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' }
    const renamed = Object.fromEntries(
      Object.entries(tensors).map(([name, value]) => {
        const part = Object.entries(older).find(([now]) => name.includes(`.${now}.`))
        return [part ? name.replace(...part) : name, value]
      }),
    )
    expect(Object.keys(renamed).some((name) => name.includes('proj_attn'))).toBe(true)
    const { network, parameters } = fromDiffusers(config, renamed)
    await expectNear(network.apply(parameters, values.x!, values.t!), values.y!, 1e-4)
  })

  it('says which part of a configuration is not here', () => {
    const refused: [Partial<DiffusersConfig>, string][] = [
      [
        { down_block_types: ['SkipDownBlock2D', 'DownBlock2D'] },
        "down_block_types[0] to be 'DownBlock2D' or 'AttnDownBlock2D', got 'SkipDownBlock2D'",
      ],
      [
        { up_block_types: ['UpBlock2D', 'KUpBlock2D'] },
        "up_block_types[1] to be 'UpBlock2D' or 'AttnUpBlock2D', got 'KUpBlock2D'",
      ],
      [
        { up_block_types: ['UpBlock2D'] },
        'as many block types down and up as block_out_channels, got 2, 1 and 2',
      ],
      [{ time_embedding_type: 'fourier' }, "time_embedding_type to be 'positional', got 'fourier'"],
      [
        { resnet_time_scale_shift: 'scale_shift' },
        "resnet_time_scale_shift to be 'default', got 'scale_shift'",
      ],
      [{ mid_block_scale_factor: 2 }, 'mid_block_scale_factor to be 1, got 2'],
      [{ num_class_embeds: 1 }, 'num_class_embeds to be an integer >= 2, got 1'],
      [{ layers_per_block: 0 }, 'layers_per_block to be an integer >= 1, got 0'],
      [{ act_fn: 'gelu' }, "act_fn to be 'silu' or 'swish', got 'gelu'"],
      [{ mid_block_type: null }, 'no other tensors, got mid_block'],
      [{ act_fn: null as unknown as string }, "act_fn to be 'silu' or 'swish', got null"],
      [{ downsample_padding: 2 }, 'downsample_padding to be 0 or 1, got 2'],
      [{ add_attention: 'no' as unknown as boolean }, "add_attention to be true or false, got 'no'"],
      [{ freq_shift: 1000 }, 'freq_shift in [0, '],
      ...['SD3Transformer2DModel', 'FluxTransformer2DModel'].map(
        (name): [Partial<DiffusersConfig>, string] => [
          { _class_name: name, sample_size: null },
          `MMDiTs run from ONNX alone, by fromOnnx or openPipeline, got ${name}`,
        ],
      ),
      [{ sample_size: null }, 'a sample_size of square images, or the size beside it, got null'],
      [{ sample_size: [8, 16] }, 'a sample_size of square images, or the size beside it, got [8, 16]'],
    ]
    for (const [change, message] of refused) {
      expect(() => fromDiffusers({ ...config, ...change }, tensors), message).toThrow(message)
    }
  })
})

describe('configurations that ask for more than their tensors hold', () => {
  const { parameters: tensors, metadata } = readFixture('diffusers-ddpm')
  const config = JSON.parse(metadata.config!) as DiffusersConfig
  const longest = Object.values(tensors).reduce((most, { shape }) => Math.max(most, ...shape), 0)
  const many = 2 ** 30
  const cases: [Partial<DiffusersConfig>, string][] = [
    [{ block_out_channels: [many, many] }, 'block_out_channels[0]'],
    [{ in_channels: many }, 'in_channels'],
    [{ out_channels: many }, 'out_channels'],
    [{ norm_num_groups: many, attn_norm_num_groups: null }, 'norm_num_groups'],
    [{ time_embedding_dim: many }, 'time_embedding_dim'],
    [{ attention_head_dim: many }, 'attention_head_dim'],
    [{ num_class_embeds: many }, 'num_class_embeds'],
  ]
  for (const [change, name] of cases) {
    it(`are refused before anything is built: ${name}`, () => {
      expect(() => fromDiffusers({ ...config, ...change }, tensors)).toThrow(
        `fromDiffusers: expected ${name} to be an integer <= ${longest}, got ${many}`,
      )
    })
  }

  it('are refused before anything is built: layers_per_block', () => {
    expect(() => fromDiffusers({ ...config, layers_per_block: many }, tensors)).toThrow(
      `layers_per_block to be an integer <= ${Object.keys(tensors).length}, got ${many}`,
    )
  })
})

describe('fromScoreSde', () => {
  const small = { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] } as const
  const network = ddpm({ ...small, upAttention: 'last' })
  const { parameters: state } = readFixture('score-sde-ddpm')

  it('takes names with and without their prefix, and leaves the buffer out', async () => {
    const bare = Object.fromEntries(
      Object.entries(state).map(([name, value]) => [name.replace('module.', ''), value]),
    )
    const loaded = fromScoreSde(network, { ...bare, sigmas: tensor([1]) })
    const wanted = fromScoreSde(network, state)
    for (const [name, value] of Object.entries(wanted)) {
      expect(await loaded[name]!.data()).toEqual(await value.data())
    }
    dispose([loaded, wanted])
  })

  it('refuses another configuration', () => {
    expectNoLeaks(() => {
      expect(() => fromScoreSde(ddpm(small), state)).toThrow('fromScoreSde: expected')
      expect(() => fromScoreSde(ddpm({ ...small, upAttention: 'last', blocks: 2 }), state)).toThrow(
        'fromScoreSde: expected',
      )
      expect(() => fromScoreSde(ddpm({ ...small, upAttention: 'last', classes: 2 }), state)).toThrow(
        'a network without classes',
      )
    })
  })
})
