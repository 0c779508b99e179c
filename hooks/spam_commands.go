package hooks

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// spamCommand trains and judges the text model. It needs no data folder.
func spamCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "spam", Short: "Trains and measures the model that reads texts"}
	cmd.AddCommand(spamTrainCommand(), spamEvalCommand())
	return cmd
}

func spamTrainCommand() *cobra.Command {
	var out string
	var leaveOut []string
	cmd := &cobra.Command{
		Use:   "train FILE...",
		Short: "Makes the model file from JSON lines with text, label (spam, ham), lang and source",
		Long: "Makes the model file from JSON lines with text, label (spam or ham), lang and source; \"-\" is standard input.\n" +
			"The same rows make the same bytes. The threshold comes from cross-validation on the rows.\n" +
			"The file is read when PocketDesk is built: put it at internal/spam/textmodel/model.bin.\n" +
			"Ten rows of each label are needed. Rows of sources that are left out are not trained on but judged, to see how the model does on the unseen.",
		Args: cobra.MinimumNArgs(1), SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, files []string) error {
			return spamTrain(cmd, files, leaveOut, out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "model.bin", "file to write")
	cmd.Flags().StringSliceVar(&leaveOut, "leave-out", nil, "sources to judge instead of training on them")
	return cmd
}

// trainAnswer is what training prints.
type trainAnswer struct {
	textmodel.TrainReport
	LeftOut *textmodel.Evaluation `json:"left_out,omitempty"`
}

func spamTrain(cmd *cobra.Command, files, leaveOut []string, out string) error {
	var t textmodel.Trainer
	var rest []textmodel.Row
	err := eachRow(cmd.InOrStdin(), files, func(r textmodel.Row) error {
		if slices.Contains(leaveOut, r.Source) {
			rest = append(rest, r)
			return nil
		}
		return t.Add(r)
	})
	if err != nil {
		return err
	}
	m, report, err := t.Train(cmd.Context())
	if err != nil {
		return err
	}
	if err := os.WriteFile(out, m.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "wrote %s\n", out)
	answer := trainAnswer{TrainReport: report}
	if len(rest) > 0 {
		answer.LeftOut = new(textmodel.Evaluation)
	}
	for _, r := range rest {
		if err := answer.LeftOut.Add(r, m.Score(r.Text)); err != nil {
			return err
		}
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(answer)
}

func spamEvalCommand() *cobra.Command {
	var o evalOptions
	cmd := &cobra.Command{
		Use:   "eval FILE...",
		Short: "Judges texts by the model and prints figures, or with --scores a line for each",
		Long: "Judges JSON lines such as {\"id\":\"7\",\"text\":\"Hello …\",\"label\":\"ham\",\"lang\":\"en\",\"source\":\"form\"} by the text\n" +
			"model alone, and prints one JSON object {overall, by_lang, by_source}; \"-\" is standard input. With --scores it prints\n" +
			"one line a row instead, {id, score, verdict}, and rows need no label. A score above 0 is spam.",
		Args: cobra.MinimumNArgs(1), SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, files []string) error {
			return spamEval(cmd, files, o)
		},
	}
	cmd.Flags().BoolVar(&o.scores, "scores", false, "print id, score and verdict of each row")
	cmd.Flags().StringVar(&o.model, "model", "", "judge by this model file instead of the one that is built in")
	cmd.Flags().StringArrayVar(&o.learn, "learn", nil, "learn the rows of this file first, as corrections of a shop")
	return cmd
}

type evalOptions struct {
	scores bool
	model  string
	learn  []string
}

func spamEval(cmd *cobra.Command, files []string, o evalOptions) error {
	m := textmodel.Base()
	if o.model != "" {
		b, err := os.ReadFile(o.model)
		if err != nil {
			return err
		}
		if m, err = textmodel.Read(b); err != nil {
			return fmt.Errorf("%s: %w", o.model, err)
		}
	}
	if len(o.learn) > 0 {
		var err error
		if m, err = learnRows(cmd, m, o.learn); err != nil {
			return err
		}
	}
	if o.scores {
		return printScores(cmd, m, files)
	}
	var e textmodel.Evaluation
	if err := eachRow(cmd.InOrStdin(), files, func(r textmodel.Row) error { return e.Add(r, m.Score(r.Text)) }); err != nil {
		return err
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(e)
}

func printScores(cmd *cobra.Command, m *textmodel.Model, files []string) error {
	w := bufio.NewWriter(cmd.OutOrStdout())
	lines := json.NewEncoder(w)
	err := eachRow(cmd.InOrStdin(), files, func(r textmodel.Row) error {
		score := m.Score(r.Text)
		verdict := "ham"
		if score > 0 {
			verdict = "spam"
		}
		return lines.Encode(struct {
			ID      string  `json:"id"`
			Score   float64 `json:"score"`
			Verdict string  `json:"verdict"`
		}{r.ID, score, verdict})
	})
	return errors.Join(err, w.Flush())
}

// learnRows learns labelled rows as a shop's corrections.
func learnRows(cmd *cobra.Command, m *textmodel.Model, files []string) (*textmodel.Model, error) {
	var lessons []textmodel.Lesson
	err := eachRow(cmd.InOrStdin(), files, func(r textmodel.Row) error {
		if r.Label != "spam" && r.Label != "ham" {
			return fmt.Errorf("label %q is neither spam nor ham", r.Label)
		}
		lessons = append(lessons, textmodel.Lesson{Features: textmodel.Features(r.Text), Spam: r.Label == "spam"})
		return nil
	})
	if err != nil {
		return nil, err
	}
	learned, report, err := m.Learn(cmd.Context(), lessons, nil)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "learned %d corrections\n", report.Lessons)
	return learned, nil
}

// eachRow reads files of rows one after another; "-" is standard input.
func eachRow(stdin io.Reader, files []string, each func(textmodel.Row) error) error {
	for _, name := range files {
		r := stdin
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			r = f
		}
		if err := textmodel.ReadRows(r, each); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
