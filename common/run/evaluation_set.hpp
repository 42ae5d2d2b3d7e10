#pragma once

#include <string_view>

namespace fedgram::run {

/// What the evaluations of a run look at, which stop it and choose its best: the test set, or samples that were held
/// out of the training set for it.
enum class EvaluationSet { test, validation };

/// "test", "validation": of keys as of sentences.
[[nodiscard]] constexpr std::string_view name(EvaluationSet set)
{
    return set == EvaluationSet::validation ? "validation" : "test";
}

/// How a final model did on the test set, which no evaluation before had looked at.
struct FinalTest {
    double accuracy = 0;
    double loss = 0;

    friend bool operator==(const FinalTest&, const FinalTest&) = default;
};

}  // namespace fedgram::run
