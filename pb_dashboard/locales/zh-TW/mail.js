// 信件往來、電話與簡訊（繁體中文）。
export default {


    "copies.remove": "移除 {addr}",
    "copies.outside": "不是這位顧客的信箱：{who}。對方也會看到這封回覆。",
    "copies.offer": "顧客來信時也寄了副本給 {who}",

    "sms.one": "{used}／{of} 字",
    "sms.parts": "{n} 則，還可輸入 {left} 字",
    "sms.toomany": "{n} 則：最多 {most} 則",
    "sms.gsm": "GSM 字元：單則 160 字，多則時每則 153 字",
    "sms.unicode": "中文等其他字元：單則 70 字，多則時每則 67 字",


    "held.for": "回覆 #{number}",
    "held.for.title": "有其他人回覆了案件 #{number}",
    "held.for.why": "{who} 寄信到該案件的回信地址，但先前並未參與。在您決定之前，案件不會有任何變動。",
    "held.into.case": "加入該案件",
    "held.into.case.why": "把這封信加入案件 #{number}",
    "held.into.new": "另開新案件",
    "held.into.new.why": "另開一個案件，並寄收件通知給寄件人",
    "held.joined": "已加入案件 #{number}。",

};
