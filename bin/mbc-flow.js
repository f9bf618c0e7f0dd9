#!/usr/bin/env node
// The AWS SDK warns on stderr about Node versions that it will drop; that is our concern, not the user's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: mbc-flow needs Node.js 20.19 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}
const { run } = await import('../dist/main.js').catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes('dist/main.js')) throw error;
  process.stderr.write('error: mbc-flow is not built yet\n  try: npm ci\n');
  process.exit(70);
});
await run();
