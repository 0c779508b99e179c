package searching_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// BenchmarkIntake is what the index costs a submission: the line with it and without.
func BenchmarkIntake(b *testing.B) {
	for _, indexed := range []bool{false, true} {
		b.Run(fmt.Sprintf("indexed=%v", indexed), func(b *testing.B) {
			app := desktest.New(b)
			app.Choose(desktest.Values{"limits": map[string]any{"email_hour": -1, "ip_hour": -1, "overall_hour": -1}})
			if !indexed {
				desk.SetIndexer(app, nil)
				app.OnRecordCreateExecute().UnbindAll()
				app.OnRecordUpdateExecute().UnbindAll()
			}
			const words = "訂單商品出貨通知時候寄出編號付款方式信用卡收件地址西屯區家人生日禮物希望收到來不及告訴辦法謝謝幫忙辛苦今天明天昨天請問為什麼還沒有電話聯絡退貨換貨尺寸顏色"
			runes := []rune(words)
			var feedback []*desk.Feedback
			r := rand.New(rand.NewPCG(1, 2))
			for i := range b.N {
				var s strings.Builder
				for range 120 {
					s.WriteRune(runes[r.IntN(len(runes))])
				}
				feedback = append(feedback, app.Feedback(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i), "name": fmt.Sprintf("王小明%d", i), "locale": "zh-TW",
					"subject": "訂單尚未出貨", "message": s.String(), "order_no": fmt.Sprintf("A-%d", i)}))
			}
			b.ResetTimer()
			var wait sync.WaitGroup
			next := make(chan *desk.Feedback)
			for range 16 {
				wait.Go(func() {
					for f := range next {
						if _, err := app.Door.Receive(app, intake.Submission{Feedback: f}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for _, f := range feedback {
				next <- f
			}
			close(next)
			wait.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "submissions/s")
			b.ReportMetric(float64(len(app.All(desk.Cases, nil)))/float64(b.N), "accepted")
		})
	}
}
