// Preloaded into the processes that the kit starts: they end when it is gone, however it went.
import process from 'node:process';

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
