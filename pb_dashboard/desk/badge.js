// How many notices wait, in the window's title and icon.

/** @returns {{set: (n: number) => void}} */
export function windowBadge() {
    let n = 0, own;
    const before = document.querySelector("link[rel~=icon]");
    const mark = /^\(\d+\+?\) /;
    const title = () => {
        const bare = document.title.replace(mark, "");
        const want = n ? `(${n > 98 ? "99+" : n}) ${bare}` : bare;
        if (document.title != want) document.title = want;
    };
    // the page's own title changes with what is shown
    new MutationObserver(() => n && title()).observe(document.head, { childList: true, subtree: true, characterData: true });

    const favicon = () => {
        if (!n) {
            own?.remove();
            own = null;
            if (before && !before.isConnected) document.head.append(before);
            return;
        }
        own ??= Object.assign(document.createElement("link"), { rel: "icon", type: "image/png" });
        before?.remove();
        own.href = picture(n);
        if (!own.isConnected) document.head.append(own);
    };
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => n && favicon());

    const picture = (count) => {
        const c = document.createElement("canvas");
        c.width = c.height = 64;
        const g = c.getContext("2d");
        g.fillStyle = dark.matches ? "#e6e9ee" : "#25324a";
        g.beginPath();
        g.roundRect(4, 10, 50, 40, 10); // a speech bubble
        g.fill();
        g.beginPath();
        g.moveTo(14, 46);
        g.lineTo(14, 62);
        g.lineTo(30, 48);
        g.fill();
        g.fillStyle = "#d6283f";
        g.beginPath();
        g.arc(44, 20, 20, 0, 2 * Math.PI);
        g.fill();
        g.fillStyle = "#fff";
        g.font = "bold 28px system-ui, sans-serif";
        g.textAlign = "center";
        g.textBaseline = "middle";
        g.fillText(count > 9 ? "9+" : String(count), 44, 21);
        return c.toDataURL("image/png");
    };
    return {
        set(count) {
            if (count == n) return;
            n = count;
            title();
            favicon();
        },
    };
}
