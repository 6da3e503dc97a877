/**
 * `config.json` of a UNet2DModel or, with this `_class_name`, of a UNet2DConditionModel of diffusers, as far as it matters here; other keys
 * are left alone. Defaults are those of diffusers where a key is missing.
 */
export interface DiffusersConfig {
  readonly _class_name?: string
  readonly sample_size?: number | readonly number[] | null
  readonly in_channels?: number
  readonly out_channels?: number
  readonly center_input_sample?: boolean
  readonly time_embedding_type?: string
  readonly time_embedding_dim?: number | null
  readonly freq_shift?: number
  readonly flip_sin_to_cos?: boolean
  readonly down_block_types?: readonly string[]
  readonly mid_block_type?: string | null
  readonly up_block_types?: readonly string[]
  readonly block_out_channels?: readonly number[]
  readonly layers_per_block?: number
  readonly mid_block_scale_factor?: number
  readonly downsample_padding?: number
  readonly downsample_type?: string
  readonly upsample_type?: string
  readonly act_fn?: string
  /** Features of a head; of a UNet2DConditionModel, in spite of its name, the number of heads, of each level or of all. */
  readonly attention_head_dim?: number | readonly number[] | null
  readonly norm_num_groups?: number
  readonly attn_norm_num_groups?: number | null
  readonly norm_eps?: number
  readonly resnet_time_scale_shift?: string
  readonly add_attention?: boolean
  readonly class_embed_type?: string | null
  readonly num_class_embeds?: number | null
  /** Of a UNet2DConditionModel: features of a token. */
  readonly cross_attention_dim?: number
  /** Blocks in a row, of each level or of all. */
  readonly transformer_layers_per_block?: number | readonly number[]
  readonly use_linear_projection?: boolean
  readonly addition_embed_type?: string | null
  readonly addition_time_embed_dim?: number | null
  readonly projection_class_embeddings_input_dim?: number | null
  readonly encoder_hid_dim?: number | null
  readonly time_cond_proj_dim?: number | null
  readonly dual_cross_attention?: boolean
  readonly only_cross_attention?: boolean
}
