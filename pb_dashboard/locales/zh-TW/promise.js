// 承諾與追蹤：一眼就會看到的字，繁體中文。
export default {
};
