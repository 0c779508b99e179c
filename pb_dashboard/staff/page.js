// The Desk for agents: signs them in, then runs the same screens as the dashboard.
import { client, root } from "./pb.js";
import { renew, session } from "./session.js";

const agents = document.documentElement.dataset.agents;

// our styles ask the same attribute as in the dashboard
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => (document.documentElement.dataset.colorScheme = dark.matches ? "dark" : "light");
dark.addEventListener("change", dress);
dress();

const me = session();
const pb = client({ token: me.token, expired: me.end });

// the link of a mail, with which a password is chosen; also where the Desk is open already
const linked = () => /^#\/(welcome|password)\//.test(location.hash);
addEventListener("hashchange", () => linked() && location.reload());

async function begin() {
    const how = linked() && (await (await import("./newpassword.js")).choosePassword({ pb, me, agents }));
    if (!me.token()) {
        const { signIn } = await import("./signin.js");
        await signIn({ pb, me, agents }, how);
    }
    const [{ start }, { staffHost }] = await Promise.all([import("../start.js"), import("./host.js"), renew(me, pb.send, agents)]);
    const host = staffHost({ pb, me, agents, root });
    const desk = await start(host, host.ready);
    host.run(desk);
}

begin().catch((err) => {
    console.error("the Desk could not be loaded:", err);
    const again = document.createElement("button");
    again.textContent = "Try again";
    again.onclick = () => location.reload();
    document.body.replaceChildren("The Desk could not be loaded. The server may be restarting or unreachable. ", again);
});
