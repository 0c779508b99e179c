package textmodel

import "sync"

// onlySimplified holds the characters that are the simplified form of another
// one, less those that stand in traditional writing as well (后, 里, 台 …).
var onlySimplified = sync.OnceValue(func() map[rune]bool {
	out := map[rune]bool{}
	for i, s := range han() {
		if r := rune(0x4E00 + i); rune(s) != r {
			out[rune(s)] = true
		}
	}
	for _, r := range "后里面干谷斗丑云系游回家制余向借致卜台几只松秋千舍周征板划并了朱沈仆辟胡卷克杰伙占合佣采冲咸姜局布御才扎托扣抵方旋曲杆栗梁欲注洒涂淀折吁术郁准冬升志症岳吊群秘吃表范愿据虫拐挂困夸累帘霉弥蒙蔑凶于与咨涌岩雇奸迹同筑杯床峰泄管灶蜡腊须痒厘尸丰万无礼弃气网尔启麻旗韭戚噪背" {
		delete(out, r)
	}
	return out
})

// Written counts the characters of a text that only traditional and that only
// simplified Chinese writing has, up to 6,000 characters of it.
func Written(text string) (traditional, simplified int) {
	hans, only := han(), onlySimplified()
	n := 0
	for _, r := range text {
		if n++; n > maxRunes {
			break
		}
		switch {
		case r < 0x4E00 || r > 0x9FFF:
		case rune(hans[r-0x4E00]) != r:
			traditional++
		case only[r]:
			simplified++
		}
	}
	return traditional, simplified
}
