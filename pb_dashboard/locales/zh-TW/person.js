// Who writes, in Traditional Chinese.
export default {
    "person.more": "顯示更多",
    "person.orders": "提到的訂單：",
    "person.orderno": "訂單 {no}",
    "person.wasmerged": "已合併",
};
