// Preloaded into child processes: when the parent is gone, however it died, the child stops in its usual way.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The listener alone would keep a program running that has finished its work.
process.channel?.unref()
