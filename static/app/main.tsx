/** The page starts here; importing the engine has already started its worker. */
import { render } from "preact";
import { App } from "./app";

const root = document.getElementById("app");
if (root) render(<App />, root);
