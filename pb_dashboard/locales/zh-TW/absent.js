// Who is away, in Traditional Chinese.
export default {
    "absent.until": "休假到 {when}",
    "absent.open": "休假中",
    "absent.instead": "由 {name} 代理",
};
