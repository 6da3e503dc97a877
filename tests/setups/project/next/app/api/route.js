import { program } from '../../../program'

export async function GET() {
  return Response.json(await program())
}
