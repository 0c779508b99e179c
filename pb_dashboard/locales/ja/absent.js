// Who is away, in Japanese.
export default {
    "absent.until": "{when}まで不在",
    "absent.open": "不在",
    "absent.instead": "代理：{name}さん",
};
