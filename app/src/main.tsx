import "./styles/app.scss";
import { render } from "preact";
import { App } from "./app";
import { startBackground } from "./background";
import { boot } from "./boot";
import { watchHistory } from "./lib/route";
import { heedServiceWorker } from "./push/page-messages";
import { startUpdates } from "./updates";
import { startWatching } from "./watch/watcher";
import { learnWho } from "./who";

await boot();
watchHistory();
render(<App />, document.getElementById("app")!);
startBackground();
heedServiceWorker();
void learnWho();
void startWatching();
void startUpdates();
