import type { Check } from './check.js';

/** The oldest Node.js that the package runs on. */
const OLDEST = [20, 19];

/** A port of the local server that somebody listens on: `own` where it is that server itself. */
export interface TakenPort {
  port: number;
  own: boolean;
}

/** @param version as `process.version` @param wanted what `mbc-flow dev` listens on here, of which `ports` are taken */
export function examineHost(version: string, ports: TakenPort[], wanted = [8083]): Check[] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  const old = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  const node: Check = old
    ? {
        check: 'node',
        status: 'fault',
        message: `${version} is too old`,
        hint: `install Node.js ${OLDEST.join('.')} or newer`,
      }
    : { check: 'node', status: 'ok', message: version };
  const taken = ports.filter(({ own }) => !own).map(({ port }) => port);
  const own = ports.filter((one) => one.own).map(({ port }) => port);
  const found: Check =
    taken.length > 0
      ? {
          check: 'ports',
          status: 'warning',
          message: `${taken.join(' and ')} taken: \`mbc-flow dev\` needs another, if it is not what listens there`,
          hint: 'mbc-flow dev --port 0',
        }
      : {
          check: 'ports',
          status: 'ok',
          message:
            own.length > 0
              ? `\`mbc-flow dev\` answers on ${own.join(' and ')}`
              : `${wanted.join(' and ')} ${wanted.length === 1 ? 'is' : 'are'} free for \`mbc-flow dev\``,
        };
  return [node, found];
}
