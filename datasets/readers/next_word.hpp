#pragma once

#include <string_view>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

inline constexpr std::string_view next_word_name = "synthetic-next-word";
inline constexpr std::string_view next_word_note =
    "synthetic words from a random chain: accuracies say nothing about a language";

/// What a hundred speakers say, in words 0 to 63. A sample is eight words in a row, as numbers (1 x 1 x 8); its label
/// is the word that came next; whose it is, is the speaker.
///
/// Four words can come next. Which, depends on the last word and on the kind of the one before it: a word is of one of
/// four kinds, its number modulo 4. So nobody can tell from the last word alone, nor by adding up what each word says
/// for itself. The four come with odds of 10, 3, 2 and 1 to 16. But one word in four follows the speaker's dialect,
/// which always has the same of the four: the first for a quarter of the speakers, and so on. So the best guess is
/// always the first. In the test set, where all speak equally much, it is right with a probability of
/// 3/4 x 10/16 + 1/4 x 1/4 = 17/32, and no model can be better.
///
/// It comes from integer arithmetic alone: the same samples on every machine.
[[nodiscard]] Dataset make_next_word();

}  // namespace fedgram::datasets
