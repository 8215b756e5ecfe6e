/** What Slack takes in one message, in characters unless said otherwise. Source: docs.slack.dev, Block Kit reference. */

/** Blocks. */
export const MAX_BLOCKS = 50
/** A section's or a context's text. */
export const MAX_TEXT_LENGTH = 3_000
export const MAX_HEADER_LENGTH = 150
/** Fields in a section. */
export const MAX_FIELDS = 10
export const MAX_FIELD_LENGTH = 2_000
/** Elements in an actions block. */
export const MAX_BUTTONS = 25
export const MAX_LABEL_LENGTH = 75
export const MAX_VALUE_LENGTH = 2_000
