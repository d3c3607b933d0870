// Preloaded into the database's process: when the registry is gone, however it died, the database stops in its usual way.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
