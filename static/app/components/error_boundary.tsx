/** A defect in a page shows a sentence and a way back instead of an empty window. The detail stays in the page. */
import { Component, type ComponentChildren } from "preact";
import { t } from "../i18n/translate";
import { Button } from "./button";
import { Notice } from "./notice";

export class ErrorBoundary extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <main id="main" class="page page-narrow">
        <h1>{t("broken.title")}</h1>
        <Notice tone="danger" role="alert" title={t("error.page_failed.message")}>
          <p>{t("error.page_failed.next")}</p>
          <p class="notice-actions">
            <Button look="primary" onClick={() => location.reload()}>
              {t("action.reload")}
            </Button>
          </p>
        </Notice>
      </main>
    );
  }
}
