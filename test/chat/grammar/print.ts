/** Commands as lines, the other way round from the grammar: what is read from one is the same command. */
import type { Command, Moment, PersonRef, ToggleSet, Until } from '../../../lib/chat/grammar/typed-command.ts'
import { nameText } from '../../../lib/chat/grammar/typed-names.ts'

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The command as it can be typed again: what is read from it is the same command. */
export function print(command: Command): string {
  switch (command.verb) {
    case 'help':
      return command.about === undefined ? 'help' : `help ${command.about}`
    case 'user':
      return `user ${personText(command.person)}`
    case 'who':
      return `who ${nameText(command.license)}${pageText(command.page)}`
    case 'seats':
      return `seats${command.license === undefined ? '' : ` ${nameText(command.license)}`}`
    case 'history':
      return `history ${personText(command.person)}${pageText(command.page)}`
    case 'report':
      return `report${command.period === undefined ? '' : ` ${nameText(command.period)}`}`
    case 'definition':
      return `definition ${nameText(command.license)}`
    case 'infer':
      return `infer ${command.roles.map(nameText).join(' ')}`
    case 'toggle':
      return `toggle ${nameText(command.feature)}${command.set ? setText(command.set) : ''}`
    case 'grant':
      return `grant ${nameText(command.license)} to ${peopleText(command.people)}${untilText(command.until)}${becauseText(command)}`
    case 'revoke':
      return `revoke ${nameText(command.license)} from ${peopleText(command.people)}${becauseText(command)}`
    case 'changes':
      return `changes${command.which === 'all' ? '' : ` ${command.which}`}${pageText(command.page)}`
    case 'change':
      return `change ${command.changeId}${command.people === undefined ? '' : ` people${pageText(command.people)}`}`
    case 'results':
      return `results ${command.changeId}${command.outcome === undefined ? '' : ` ${command.outcome}`}${pageText(command.page)}`
    case 'undo':
    case 'retry':
    case 'settle':
    case 'cancel':
    case 'end':
      return `${command.verb} ${command.changeId}`
    case 'confirm':
      return `confirm ${command.changeId} ${command.count}`
    case 'extend':
      return `extend ${command.changeId}${untilText(command.until)}`
    case 'reject':
      return `reject ${command.changeId}${becauseText(command)}`
    case 'approvals':
    case 'definitions':
    case 'schedules':
    case 'writes':
      return command.verb
    case 'pause':
    case 'resume':
      return 'changeId' in command
        ? `${command.verb} ${command.changeId}`
        : `${command.verb}${becauseText(command)}`
  }
}

function pageText(page: number | undefined): string {
  return page === undefined || page === 1 ? '' : ` ${page}`
}

const peopleText = (people: Extract<Command, { verb: 'grant' }>['people']) =>
  people.map(personText).join(', ')

function untilText(until: Until | undefined): string {
  if (!until) return ''
  return 'at' in until ? ` until ${momentText(until.at)}` : ` for ${until.for}`
}

function setText(set: ToggleSet): string {
  const at = set.at ? ` at ${momentText(set.at)}` : ''
  const duration = set.for === undefined ? '' : ` for ${set.for}`
  return ` ${set.enabled ? 'on' : 'off'}${at}${duration}${becauseText(set)}`
}

function becauseText({ because }: { readonly because?: string | undefined }): string {
  return because === undefined ? '' : ` because ${because}`
}

function momentText(moment: Moment): string {
  switch (moment.kind) {
    case 'instant':
      return moment.iso
    case 'clock':
      return moment.time
    case 'local':
      return moment.at.replace('T', ' ')
    case 'tomorrow':
      return `tomorrow ${moment.time}`
    case 'weekday':
      return `${WEEKDAYS[moment.day - 1]} ${moment.time}`
  }
}

function personText(person: PersonRef): string {
  if (person.by === 'email') return person.email
  if (person.by === 'id') return person.userId
  if (person.by === 'mention') return `@{${person.id}}`
  return `"${person.name.replace(/["\\]/g, '\\$&')}"`
}
