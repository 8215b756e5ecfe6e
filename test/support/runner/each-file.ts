/** Runs before each test file; what it imports runs once in each process. */
import './builtin-modules.ts'
