'use server'
import { program } from '../../program'

export async function action() {
  return program()
}
