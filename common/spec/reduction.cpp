#include "common/spec/reduction.hpp"

#include "common/spec/words.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::spec {

namespace {

std::string per_cent(double share) { return text::shortest(100 * share) + " %"; }

struct Words {
    std::string operator()(const Prune& prune) const
    {
        auto words = "prune " + per_cent(prune.sparsity);
        if (prune.scope == PruningScope::layer) words += " of each layer";
        if (prune.course == PruningCourse::one_shot) return words;
        words += ", " + std::string{pruning_course_words[static_cast<std::size_t>(prune.course)]};
        return prune.course == PruningCourse::gradual ? words : words + " in " + std::to_string(prune.rounds);
    }
    std::string operator()(const PruneFilters& prune) const { return "prune filters " + per_cent(prune.fraction); }
    std::string operator()(const ShareWeights& share) const
    {
        return "share weights by " + std::to_string(share.convolution_bits) + "/" + std::to_string(share.linear_bits) +
               " bits";
    }
    std::string operator()(const Quantize& quantize) const
    {
        auto words = std::string{quantized_type_words[static_cast<std::size_t>(quantize.type)]};
        if (quantize.type != QuantizedType::int8) return words;
        words += quantize.weights == QuantizerScope::channel ? " per channel" : " per tensor";
        return quantize.tuning.epochs > 0 ? words + ", trained" : words;
    }
    std::string operator()(const Factorize& factorize) const
    {
        std::string low_rank;
        std::string separable;
        for (const auto& [layer, ranks, kept_energy, form] : factorize.layers) {
            if (form == FactorForm::separable) {
                separable += (separable.empty() ? " " : " and ") + layer;
                continue;
            }
            low_rank += (low_rank.empty() ? " " : " and ") + layer + " to ";
            if (ranks.empty()) low_rank += per_cent(kept_energy);
            for (std::size_t i = 0; i < ranks.size(); ++i) low_rank += (i == 0 ? "" : "/") + std::to_string(ranks[i]);
        }
        if (!low_rank.empty()) low_rank = "factorize" + low_rank;
        if (!separable.empty()) separable = std::string{separable_word} + separable;
        return low_rank + (low_rank.empty() || separable.empty() ? "" : ", ") + separable;
    }
    std::string operator()(const Distill& distill) const
    {
        return "distill to " + (distill.student.name.empty() ? "a model of layers" : distill.student.name);
    }
    std::string operator()(const FineTune& tune) const
    {
        return tune.frozen_to.empty() ? "fine-tune all layers" : "fine-tune behind " + tune.frozen_to;
    }
};

}  // namespace

std::string words(const Lever& lever) { return std::visit(Words{}, lever); }

std::string_view name(const Lever& lever) { return lever_words[lever.index()]; }

}  // namespace fedgram::spec
