package htmlbody

import "testing"

// BenchmarkSamples reads all samples in all ways: what a mail costs is this by their number.
func BenchmarkSamples(b *testing.B) {
	all := samples(b)
	for b.Loop() {
		for _, s := range all {
			Reply(s.body)
			fresh, _ := Split(s.body)
			Clean(fresh)
			Text(s.body)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/mail")
}
