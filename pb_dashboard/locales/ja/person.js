// Who writes, in Japanese.
export default {
    "person.more": "さらに表示",
    "person.orders": "言及された注文：",
    "person.orderno": "注文 {no}",
    "person.wasmerged": "統合済み",
};
