/**
 * Charts: functions from a trace to a figure. Their data and their words are computed at once, the picture when somebody
 * looks at it.
 *
 * @module
 */
export type { ChartOptions, LabelledRun } from "./figure.ts";
export { histogram, type HistogramOptions } from "./histogram.ts";
export { type LogStage, logStages, type LogStagesOptions, stagesOf } from "./log_stages.ts";
export { logTable, type LogTableOptions } from "./log_table.ts";
export { operations } from "./operations.ts";
export { quorumBars, type QuorumBarsOptions } from "./quorum_bars.ts";
export { roleLanes, type RoleLanesOptions } from "./role_lanes.ts";
export { sideBySide } from "./side_by_side.ts";
export { smallMultiples, type SmallMultiplesOptions } from "./small_multiples.ts";
export { spaceTime } from "./space_time.ts";
export { termStaircase } from "./term_staircase.ts";
export { timeline } from "./timeline.ts";
