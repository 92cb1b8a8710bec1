// What the viewer's script handles: the server's answers, as answers.py and server.py make them,
// and the state that is made of them. For the type checker only (scripts/check_js.py).

interface Stretch {
  start_s: number;
  length_s: number;
}

interface Timed {
  onset_s: number;
  duration_s: number;
}

interface FileAnnotation extends Timed {
  text: string;
}

interface EegEvent extends FileAnnotation {
  kind: string;
  confidence: number | null;
}

interface Mark extends EegEvent {
  id: string;
  origin: string;
  /** Labels; none for all channels. */
  channels?: string[];
  /** "left", "right", "midline", "both" or "". */
  side?: string;
}

interface MarksState {
  marks: Mark[];
  /** "accepted" or "rejected", by the number of the prediction. */
  decisions: Record<string, string>;
  /** Seconds by which a prediction was shifted, by its number. */
  shifts?: Record<string, number>;
  /** At which the predictions that are decided about begin. */
  threshold?: number | null;
}

/** A state in the server's words. */
interface ReviewWords {
  marks: Mark[];
  decisions: { prediction: number; decision: string }[];
  shifts: { prediction: number; seconds: number }[];
}

interface MarksHistory {
  past: MarksState[];
  present: MarksState;
  future: MarksState[];
}

interface NamedMontage {
  id: string;
  name: string;
}

interface MontageRow {
  label: string;
  unit: string;
  sampling_rate_hz: number;
  group: string;
  side: string;
  how: string;
  source: string;
  is_dummy: boolean;
}

/** What depends on the threshold. */
interface FoundAnswer extends ReviewWords {
  threshold: number | null;
  predictions: EegEvent[];
}

interface RecordingInfo extends FoundAnswer {
  file_name: string;
  format: string;
  duration_s: number;
  start_time: string | null;
  n_channels: number;
  gaps: { start_s: number; stop_s: number }[];
  joins: { at_s: number; file_name: string }[];
  annotations: FileAnnotation[];
  n_annotations: number;
  references: EegEvent[];
  has_trace: boolean;
  /** The threshold of the model's card; null where the threshold cannot be moved. */
  default_threshold: number | null;
  title: string | null;
  /** Whether it is looked at as part of a review of many recordings. */
  is_queued: boolean;
  /** Positions of the channels that are marked as bad. */
  bad: number[];
  /** The review's own types. */
  types: { code: string; title: string; hotkey: string }[];
  montages: NamedMontage[];
}

interface PageRow {
  row: number;
  kind: "samples" | "extremes";
  n: number;
  first_s: number;
  step_s: number;
  offset: number;
  scale: number;
  centre: number;
}

interface PageAnswer extends Stretch {
  fraction: number;
  rows: PageRow[];
  /** Values of all rows, one after the other: base64 of 16-bit integers. */
  data: string;
  probability?: string | null;
}

/** Trends of one side of the head, value after value and row after row. */
interface TrendSide<Values> {
  /** 10, 50 and 90 % in tenths of a microvolt. */
  amplitude: Values;
  /** Hundredths of a decibel, a row a frequency. */
  spectrum: Values;
  rhythmicity: Values;
  suppression: Values;
}

interface TrendsAnswer {
  fraction: number;
  n: number;
  highest_hz: number;
  n_frequencies: number;
  sides: Record<string, TrendSide<string>>;
  asymmetry: string;
}

interface TrendLanes {
  n: number;
  n_frequencies: number;
  sides: Record<string, TrendSide<Int16Array>>;
  asymmetry: Int16Array;
  /** Of the spectra, drawn once. */
  images: Record<string, HTMLCanvasElement>;
}

/** A candidate of a review, and the number it has among those of its recording. */
interface QueueItem extends Timed {
  recording: string;
  prediction: number;
  is_decided: boolean;
}

interface Answers {
  viewer_open: RecordingInfo;
  viewer_montage: { rows: MontageRow[]; missing: string[]; n_left_out: number };
  viewer_page: PageAnswer;
  viewer_overview: { fraction: number; activity: string; probability: string | null };
  viewer_add_montage: { id: string; text: string; montages: NamedMontage[] };
  viewer_review: { n_marks: number; n_candidates?: number; n_decided?: number };
  viewer_bad: { bad: number[] };
  viewer_trends: TrendsAnswer;
  /** `density` in hundredths of decibels above 1, base64 of 16-bit integers. */
  viewer_spectrum: { spectra: { row: number; step_hz: number; density: string }[] };
  viewer_queue: { items: QueueItem[]; recording: string; n_candidates: number; n_decided: number };
  viewer_queue_open: { handle: string };
  viewer_threshold: FoundAnswer;
  viewer_export: { file_name: string; media_type: string; content: string; message: string };
  viewer_import: { marks: Mark[]; messages: string[] };
}

/** An answer, or why there is none. */
type Answered<Answer> = Answer & { error?: string };

type Server = { [Name in keyof Answers]: (request: object) => Promise<Answered<Answers[Name]>> };

/** What Gradio hands over, see ui/given.d.ts. */
interface Given {
  element: HTMLElement;
  trigger: typeof trigger;
  props: typeof props;
  server: Server;
  watch: typeof watch;
}

/** The component's value, as component.py makes it. */
interface ViewerValue {
  handle: string;
  reload?: boolean;
  stay?: boolean;
  start_s?: number;
  length_s?: number;
  event?: Timed;
  number: number;
}

type PageValues = PageRow & { values: Int16Array };
/** A row of a page in view. */
type PagePart = PageValues & { holdsMiddle: boolean };

interface Page extends Stretch {
  fraction: number;
  probability: Int16Array | null;
  rows: Map<number, PageValues>;
}

interface OverviewPage {
  fraction: number;
  activity: Int16Array;
  probability: Int16Array | null;
}

interface Filters {
  high_pass_hz: number | null;
  low_pass_hz: number | null;
  notch_hz: number | null;
}

interface ValueRange {
  low: number;
  high: number;
}

/** An event in a lane, and which part of it. */
interface Hit {
  lane: string;
  index: number;
  event: LaneEvent;
  part: string; // "start", "end" or "whole"
}

interface Place {
  x: number;
  y: number;
  time_s: number;
}

interface PointerPlace extends Place {
  row: number | null;
  hit: Hit | null;
  value: ValueRange | null;
}

interface Caliper {
  row: number;
  from_s: number;
  to_s: number;
  range: ValueRange | null;
  lines: string[];
  cycles: Cycles | null;
  /** Its duration and those of the measurements before it that it adds to. */
  sum_s: number;
}

/** Whole cycles of a rhythm; `times` are their `n` + 1 beginnings and ends. */
interface Cycles {
  n: number;
  times: number[];
  period_s: number;
  amplitude: number;
}

interface SpectrumRow {
  row: number;
  step_hz: number;
  /** Unit squared per hertz; NaN where it is unknown. */
  density: number[];
}

/** Spectra on the screen: of all traces, and the one that stands out. */
interface Spectra {
  rows: SpectrumRow[];
  main: SpectrumRow;
  label: string;
  top_hz: number;
}

interface SpectrumScale {
  top: number;
  bottom: number;
  x: (hz: number) => number;
  y: (density: number) => number;
}

interface SelectedTime {
  from_s: number;
  to_s: number;
  kind: string;
}

/** The stored display settings of a recording. */
interface Look extends Pick<Settings, "uvPerMm" | "perChannel"> {
  view: Stretch;
  speed: number | null;
  filters: Filters;
  montage: string;
  order: number[];
  hidden: number[];
  gains: [number, number][];
  seen: [number, number][];
}

interface Settings {
  negativeUp: boolean;
  centre: boolean;
  colourBySide: boolean;
  grid: boolean;
  thick: boolean;
  perChannel: boolean;
  uvPerMm: number;
  pxPerMm: number;
  panel: boolean;
  /** "time", "duration" or "probability". */
  eventOrder: string;
  /** Whether the trends of the night are shown. */
  trends: boolean;
  /** Whether the unfiltered EEG is drawn behind the filtered one. */
  raw: boolean;
  /** Whether it is drawn in a second view below, instead. */
  rawBelow: boolean;
  /** Seconds for which a page stands while pages turn by themselves. */
  pagingS: number;
}

/** A value to choose and its words. */
type Choice = [string | number, string];

type Canvas2D = CanvasRenderingContext2D;

/** An event of any lane: what only some lanes know may be missing. */
type LaneEvent = FileAnnotation & Partial<Mark> & { number?: number };

interface Lane {
  id: string;
  y: number;
  height: number;
}

interface Band {
  y: number;
  height: number;
}

/** Where everything stands on the canvas, see geometry.js. */
interface Laid {
  width: number;
  height: number;
  left: number;
  top: number;
  bottom: number;
  axis: number;
  lanes: Lane[];
  plotWidth: number;
  scale: Band | null;
  probability: Band | null;
  middles: number[];
  rowHeight: number;
  /** Rows of a second view, from `y` on. */
  below: { y: number, middles: number[] } | null;
}

/** An event drawn in its lane; `from` and `to` are cut to the page. */
interface LaneBar {
  event: LaneEvent;
  rejected: boolean;
  x: number;
  width: number;
  from: number;
  to: number;
}

interface Drag {
  kind: string;
  at: Place;
  hit: Hit | null;
  view?: Stretch;
  row?: number;
  hasShift?: boolean;
  /** What was measured before and is added to. */
  before_s?: number;
}

type Panes = Record<string, { element: HTMLElement }>;

/** Attributes, properties and handlers of a new element. */
interface Attributes<Made = HTMLElement> {
  onclick?: (e: MouseEvent) => void;
  onchange?: (e: Event & { target: Made }) => void;
  ontoggle?: (e: Event & { target: Made }) => void;
  onkeydown?: (e: KeyboardEvent) => void;
  onsubmit?: (e: SubmitEvent) => void;
  [name: string]: unknown;
}
