// Loaded before secretlint: its profiler is always on, and its time grows with the square of the files (17 of 20 s here).
import { secretLintProfiler } from '@secretlint/profiler'

secretLintProfiler.mark = () => undefined
