import { isObject } from '../json/json.js';
import { readSource } from './parsed-source.js';

/** Whether a file is a state machine, or a template with one, whatever it is called. */
export async function holdsMachine(file: string, text: string): Promise<boolean> {
  const definition = text.includes('StartAt') && text.includes('States');
  const template = /::StateMachine\b|\bstateMachines\b/.test(text);
  if (!definition && !template) return false;
  try {
    const { value } = await readSource(file, text);
    if (!isObject(value)) return false;
    if (typeof value.StartAt === 'string' && isObject(value.States)) return true;
    if (isObject(value.stepFunctions)) return isObject(value.stepFunctions.stateMachines);
    return isObject(value.Resources) && template;
  } catch {
    // Half a definition is one nevertheless.
    return /^\s*(?:\{\s*)?["']?(?:Comment|StartAt|States|QueryLanguage|AWSTemplateFormatVersion)["']?\s*:/.test(
      text,
    );
  }
}
