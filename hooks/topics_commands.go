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

	"github.com/pocketdesk/pocketdesk/internal/topics"
)

// topicsCommand trains and judges the model of categories. It needs no data folder.
func topicsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "topics", Short: "Trains and measures the model that tells the category of a message"}
	cmd.AddCommand(topicsTrainCommand(), topicsEvalCommand())
	return cmd
}

func topicsTrainCommand() *cobra.Command {
	var o trainOptions
	cmd := &cobra.Command{
		Use:   "train FILE...",
		Short: "Makes the model file from JSON lines with text, label (a category), lang and source",
		Long: "Makes the model file from JSON lines with text, label, lang and source; \"-\" is standard input. Labels are the keys of\n" +
			"the categories, or product_question, order_shipping, return_refund, business_cooperation, technical_support.\n" +
			"The same rows make the same bytes. The file is read when PocketDesk is built: put it at internal/topics/model.bin.\n" +
			"The rows that were written for PocketDesk are trained on as well, unless --own=false; rows of sources that are left out\n" +
			"are not trained on but judged, to see how the model does on the unseen.",
		Args: cobra.MinimumNArgs(1), SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, files []string) error {
			return topicsTrain(cmd, files, o)
		},
	}
	cmd.Flags().StringVar(&o.out, "out", "model.bin", "file to write")
	cmd.Flags().StringSliceVar(&o.leaveOut, "leave-out", nil, "sources to judge instead of training on them")
	cmd.Flags().BoolVar(&o.own, "own", true, "train on the rows that come with the program as well")
	return cmd
}

type trainOptions struct {
	out      string
	leaveOut []string
	own      bool
}

// topicsAnswer is what training prints.
type topicsAnswer struct {
	topics.TrainReport
	LeftOut *topics.Evaluation `json:"left_out,omitempty"`
}

func topicsTrain(cmd *cobra.Command, files []string, o trainOptions) error {
	var t topics.Trainer
	var rest []topics.Row
	err := eachTopicRow(cmd.InOrStdin(), files, func(r topics.Row) error {
		if slices.Contains(o.leaveOut, r.Source) {
			rest = append(rest, r)
			return nil
		}
		return t.Add(r)
	})
	if err != nil {
		return err
	}
	if o.own {
		t.AddOwn(o.leaveOut)
	}
	m, report, err := t.Train(cmd.Context())
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.out, m.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "wrote %s\n", o.out)
	answer := topicsAnswer{TrainReport: report}
	if len(rest) > 0 {
		answer.LeftOut = new(topics.Evaluation)
	}
	for _, r := range rest {
		if err := answer.LeftOut.Add(m, r); err != nil {
			return err
		}
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(answer)
}

func topicsEvalCommand() *cobra.Command {
	var scores bool
	var model string
	cmd := &cobra.Command{
		Use:   "eval FILE...",
		Short: "Judges texts by the model and prints figures, or with --scores a line for each",
		Long: "Judges JSON lines such as {\"id\":\"7\",\"text\":\"Where is my parcel?\",\"label\":\"order_shipping\",\"lang\":\"en\",\"source\":\"form\"}\n" +
			"by the model alone and prints one JSON object {overall, by_lang, by_source}, each {n, accuracy, macro_f1, coverage,\n" +
			"accuracy_covered}; covered are rows with p of 0.6 or more. \"-\" is standard input. With --scores it prints one line a row\n" +
			"instead, {id, label, p, category}, and rows need no label.",
		Args: cobra.MinimumNArgs(1), SilenceUsage: true, SilenceErrors: true,
		Annotations: map[string]string{aloneMark: "1"},
		RunE: func(cmd *cobra.Command, files []string) error {
			return topicsEval(cmd, files, model, scores)
		},
	}
	cmd.Flags().BoolVar(&scores, "scores", false, "print id, label and probability of each row")
	cmd.Flags().StringVar(&model, "model", "", "judge by this model file instead of the one that is built in")
	return cmd
}

func topicsEval(cmd *cobra.Command, files []string, model string, scores bool) error {
	m := topics.Base()
	if model != "" {
		b, err := os.ReadFile(model)
		if err != nil {
			return err
		}
		if m, err = topics.Read(b); err != nil {
			return fmt.Errorf("%s: %w", model, err)
		}
	}
	if scores {
		w := bufio.NewWriter(cmd.OutOrStdout())
		lines := json.NewEncoder(w)
		err := eachTopicRow(cmd.InOrStdin(), files, func(r topics.Row) error { return lines.Encode(m.ScoreOf(r)) })
		return errors.Join(err, w.Flush())
	}
	var e topics.Evaluation
	if err := eachTopicRow(cmd.InOrStdin(), files, func(r topics.Row) error { return e.Add(m, r) }); err != nil {
		return err
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(e)
}

// eachTopicRow reads files of rows one after another; "-" is standard input.
func eachTopicRow(stdin io.Reader, files []string, each func(topics.Row) error) error {
	read := func(name string) error {
		r := stdin
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			r = f
		}
		if err := topics.ReadRows(r, each); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	for _, name := range files {
		if err := read(name); err != nil {
			return err
		}
	}
	return nil
}
