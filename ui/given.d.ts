// What the page gives to the scripts of the app. For the type checker only (scripts/check_js.py).

// Gradio runs the scripts of a gr.HTML with these, see `js_on_load` there.
declare const element: HTMLElement;
declare const props: { value: ViewerValue | null };
declare const server: Server; // of the viewer, the only one that has functions on the server
declare function trigger(name: string, data?: object): void;
declare function watch(property: string, then: () => void): void;

// ui/i18n/translation.py writes these before language.js.
declare const LANGUAGES: Record<string, string>;
declare const COOKIE: string;

interface GradioComponent {
  type: string;
  props: { label?: string };
}

interface Window {
  gradio_config?: {
    components?: GradioComponent[];
    i18n_translations?: Record<string, Record<string, string>>;
  };
  seizureZooLanguage?: { shown: string; choose: (language: string) => void };
}
