// Preloaded into child processes: when the parent is gone, however it died, the child stops in its usual way.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
