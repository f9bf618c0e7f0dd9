// Memory and time of a command with all of its children (Linux: /proc).
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const pageBytes = 4096;

/** Resident bytes of a process and all that descend from it, at this moment. */
export function treeResidentBytes(rootPid) {
  const parents = new Map();
  const pages = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      // The command's name stands in parentheses and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(entry), Number(fields[1]));
      pages.set(Number(entry), Number(fields[21]));
    } catch {
      // It ended while we looked.
    }
  }
  let total = 0;
  for (const [pid, resident] of pages) {
    for (let at = pid; at > 1; at = parents.get(at) ?? 0) {
      if (at !== rootPid) continue;
      total += resident * pageBytes;
      break;
    }
  }
  return total;
}

/** Runs a command to its end; samples the memory of its process tree. */
export function measure(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let peakBytes = 0;
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    const sampler = setInterval(() => {
      peakBytes = Math.max(peakBytes, treeResidentBytes(child.pid));
    }, 50);
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearInterval(sampler);
      resolve({ exitCode, stdout, stderr, peakBytes, seconds: (performance.now() - start) / 1000 });
    });
  });
}
