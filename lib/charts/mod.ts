/**
 * Charts: functions from a trace to a figure. Their data and their words are computed at once, the picture when somebody
 * looks at it.
 *
 * Floor 8.
 *
 * @module
 */
export type { ChartOptions } from "./figure.ts";
export { logTable, type LogTableOptions } from "./log_table.ts";
export { roleLanes } from "./role_lanes.ts";
export { spaceTime } from "./space_time.ts";
export { termStaircase } from "./term_staircase.ts";
export { timeline } from "./timeline.ts";
