/**
 * Which folder may import which. In lib the layers run one way (see LAYERS), the adapters are bound in
 * lib/composition alone, and nothing that is deployed can reach the laptop's stand-ins. `npm run imports` checks
 * it; test/structure/imports.test.ts breaks each rule on purpose.
 */

/** lib's layers, each with the lib folders it may import beside its own. Types count like values. */
const LAYERS = {
  transport: [],
  genesys: ['transport'],
  people: ['genesys'],
  changes: ['transport', 'genesys', 'people'],
  inventory: ['genesys', 'people', 'changes'],
  seats: ['genesys', 'people', 'changes', 'inventory'],
  audit: ['changes', 'inventory'],
  operations: ['genesys', 'changes', 'people', 'inventory', 'seats'],
  http: ['transport', 'genesys', 'changes', 'people', 'inventory', 'seats', 'operations'],
  chat: ['transport', 'genesys', 'changes', 'people', 'inventory', 'seats', 'operations'],
  events: ['transport', 'genesys', 'aws', 'changes', 'inventory', 'seats', 'audit', 'operations'],
  page: ['transport', 'genesys', 'people', 'changes', 'inventory', 'seats', 'operations', 'http'],
}

/** They implement ports of the layers: of these they may import types besides the folders named here. */
const ADAPTERS = {
  aws: ['transport'],
  ledger: ['transport', 'aws', 'changes'],
  credentials: ['transport', 'genesys', 'aws'],
  observe: ['genesys', 'changes'],
}

/**
 * Rooms within a folder of lib, in order: each imports only from those before it, the folder's own files from all.
 * Rooms that stand in a list of their own are side by side, and neither imports the other.
 */
const ROOMS = {
  genesys: ['models'],
  ledger: ['table'],
  changes: ['model', 'answers', 'record', 'plan', 'carry-out', 'decide'],
  chat: ['grammar', 'webhook', 'conversation', ['slack', 'teams']],
  'chat/conversation': ['words', 'asking', 'wishing'],
  page: [['browser', 'serve']],
}
const LAYER_NAMES = Object.keys(LAYERS)
const ADAPTER_NAMES = Object.keys(ADAPTERS)

/** What infra reads of lib: declarations, and no code of a running function. */
const DECLARATIONS = [
  'operation[.]ts$',
  'roles[.]ts$',
  'text[.]ts$',
  'license-terms[.]ts$',
  'operations/',
  'genesys/models/',
  'changes/model/(policy|local-time|transitions|change-events)[.]ts$',
  'chat/(webhook/queued|grammar/typed-command|grammar/verbs)[.]ts$',
  'ledger/table/table[.]ts$',
  'audit/audit-key[.]ts$',
  'events/contract[.]ts$',
  'people/fold-name[.]ts$',
  'genesys/regions[.]ts$',
  'http/method-arns[.]ts$',
  'http/gateway-responses[.]ts$',
  'http/security-headers[.]ts$',
  'observe/metric-names[.]ts$',
  'credentials/secret-names[.]ts$',
  'errors[.]ts$',
  'files[.]ts$',
]

/** Single files in lib (operation.ts, errors.ts, clock.ts) are vocabulary that all may use, except this one. */
const ENVIRONMENT = '^lib/environment[.]ts$'
/** Put in an SDK's module's place when the functions are bundled, so no composition root can hand it anything. */
const STAND_INS = '^infra/build/stand-ins/'
const RUNS_THE_BUNDLE = '^infra/(audit|change|local|credentials|redrive|build/stand-ins)/'

const oneWay = Object.entries(LAYERS).map(([layer, below]) => ({
  name: `layer-${layer}`,
  comment: `lib/${layer} imports ${below.length === 0 ? 'no other folder of lib' : `only lib/{${below.join(',')}}`}.`,
  severity: 'error',
  from: { path: `^lib/${layer}/` },
  to: { path: '^lib/[^/]+/', pathNot: `^lib/(${[layer, ...below].join('|')})/` },
}))

const adapters = Object.entries(ADAPTERS).flatMap(([adapter, below]) => [
  {
    name: `adapter-${adapter}`,
    comment: `lib/${adapter} imports only lib/{${below.join(',')}}, and types of the layers whose ports it implements.`,
    severity: 'error',
    from: { path: `^lib/${adapter}/` },
    to: {
      path: '^lib/[^/]+/',
      pathNot: `^lib/(${[adapter, ...below].join('|')})/`,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: `adapter-${adapter}-apart`,
    comment: `lib/${adapter} knows no other adapter and not what binds it, types included.`,
    severity: 'error',
    from: { path: `^lib/${adapter}/` },
    to: { path: '^lib/[^/]+/', pathNot: `^lib/(${[adapter, ...below, ...LAYER_NAMES].join('|')})/` },
  },
])

const rooms = Object.entries(ROOMS).flatMap(([folder, order]) =>
  order.flatMap((abreast, place) =>
    [abreast].flat().map((room) => ({
      name: `room-${folder.replaceAll('/', '-')}-${room}`,
      comment: `lib/${folder}/${room} imports only the rooms of lib/${folder} that come before it.`,
      severity: 'error',
      from: { path: `^lib/${folder}/${room}/` },
      to: {
        path: `^lib/${folder}/`,
        pathNot: `^lib/${folder}/(${[room, ...order.slice(0, place).flat()].join('|')})/`,
      },
    })),
  ),
)

module.exports = {
  forbidden: [
    ...oneWay,
    ...rooms,
    ...adapters,
    {
      name: 'unknown-folder',
      comment: 'A new folder of lib needs its place among the layers or the adapters.',
      severity: 'error',
      from: {},
      to: {
        path: '^lib/[^/]+/',
        pathNot: `^lib/(${[...LAYER_NAMES, ...ADAPTER_NAMES, 'composition'].join('|')})/`,
      },
    },
    {
      name: 'vocabulary',
      comment: 'Single files in lib import each other, lib/genesys/models, and types of the ports.',
      severity: 'error',
      from: { path: '^lib/[^/]+$', pathNot: ENVIRONMENT },
      to: { path: '^lib/[^/]+/', pathNot: '^lib/genesys/models/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'environment',
      comment:
        'process.env is read in lib/environment.ts; what it says is handed on from the composition roots.',
      severity: 'error',
      from: {
        pathNot: [ENVIRONMENT, STAND_INS, '^lib/composition/', '^functions/', RUNS_THE_BUNDLE, '^test/'],
      },
      to: { path: ENVIRONMENT, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'adapters-in-composition',
      comment: 'Ledger, credentials and observe are bound in lib/composition; functions import that.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: `^lib/(${ADAPTER_NAMES.join('|')})/` },
    },
    {
      name: 'writes-through-changes',
      comment: 'One module sends writes to Genesys, and only lib/changes may tell it to.',
      severity: 'error',
      from: { pathNot: ['^lib/changes/', '^test/'] },
      to: { path: '^lib/genesys/send-write[.]ts$' },
    },
    {
      name: 'reads-carry-no-writes',
      comment: "A read's bundle carries neither the ledger nor the module that writes.",
      severity: 'error',
      from: { path: '^lib/composition/reads[.]ts$' },
      to: { path: '^lib/(ledger/|genesys/send-write[.]ts$)', reachable: true },
    },
    {
      name: 'lib-stands-alone',
      comment: 'lib never imports functions, infra or test.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|infra|test)/' },
    },
    {
      name: 'functions-stand-on-lib',
      comment: 'Functions never import infra or test.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|test)/' },
    },
    {
      name: 'infra-reads-declarations',
      comment: 'infra imports from lib only the declarations, and no function: those it bundles.',
      severity: 'error',
      from: { path: '^infra/', pathNot: RUNS_THE_BUNDLE },
      to: { path: '^(lib|functions)/', pathNot: `^lib/(${DECLARATIONS.join('|')})` },
    },
    {
      name: 'stacks-without-laptop',
      comment: 'The stacks know nothing of the embedded org and the stand-ins.',
      severity: 'error',
      from: { path: '^infra/', pathNot: RUNS_THE_BUNDLE },
      to: { path: '^infra/local/' },
    },
    {
      name: 'browser-code',
      comment:
        "The page's code stands alone in a browser: of the rest it takes types, the words and decisions that chats show too, how names are compared, and its view and sign-in libraries.",
      severity: 'error',
      from: { path: '^lib/page/browser/' },
      to: {
        pathNot: [
          '^lib/page/browser/',
          '^lib/changes/answers/(summarize|offer-decisions)[.]ts$',
          '^lib/changes/answers/words/',
          '^lib/changes/model/(duration|local-time|schedule|transitions|verdict|cron/.*)[.]ts$',
          '^lib/people/fold-name[.]ts$',
          '^lib/seats/page/(chart-lines|days|style)[.]ts$',
          '^lib/transport/retry-after[.]ts$',
          '^lib/seats/words/seat-words[.]ts$',
          '^lib/utc-day[.]ts$',
          '^node_modules/(preact|oauth4webapi|d3-scale|d3-shape)/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'page-in-browser',
      comment:
        "What the laptop's page has more than the page stands alone in a browser: of the rest it takes types, the page, and what chats show.",
      severity: 'error',
      from: { path: '^infra/local/page/browser/' },
      to: {
        pathNot: [
          '^infra/local/page/browser/',
          '^infra/local/chat/(seen|places)[.]ts$',
          '^lib/page/browser/',
          '^node_modules/preact/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-import-of-tests',
      comment: 'infra imports no test.',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^test/' },
    },
    {
      name: 'deployed-dependencies',
      comment:
        'What is deployed uses packages under "dependencies" alone, types aside; of the page the build has made one file.',
      severity: 'error',
      from: { path: '^(lib|functions)/', pathNot: '^lib/page/browser/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'resolvable',
      comment:
        'Each import leads to a file, save the types that a test has generated and hands to the compiler.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '/gateway-api[.]ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'No module imports itself in a circle, types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type imports count, so that a layer cannot lean on a higher one's shapes either.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
