#include "datasets/readers/next_word.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "common/random/stream.hpp"

namespace fedgram::datasets {

namespace {

// All of this is part of what the name means: another number makes another dataset.
constexpr std::uint64_t seed = 2;  // not that of the synthetic images
constexpr std::uint32_t words = 64;
constexpr std::uint32_t kinds = 4;
constexpr std::uint32_t window = 8;
constexpr std::uint32_t speakers = 100;
constexpr std::uint32_t least_samples = 100;  // of a speaker's, for training
constexpr std::uint32_t most_samples = 500;
constexpr std::uint32_t test_samples = 50;  // of each speaker's
constexpr std::uint32_t one_of_dialect_in = 4;
constexpr std::array<std::uint8_t, 16> common_choices{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3};

/// What a stream is for, in the place of a round.
enum Part : std::uint64_t { of_chain, of_training, of_test };

using Word = std::uint8_t;
/// The words that can come next, the likeliest first.
using Followers = std::array<Word, 4>;
/// For each kind of the word before the last, and each last word.
using Chain = std::vector<Followers>;

Chain draw_chain()
{
    Chain drawn(kinds * words);
    for (std::size_t context = 0; context < drawn.size(); ++context) {
        Stream stream{seed, Purpose::synthetic_data, of_chain, context};
        std::array<Word, words> all{};
        std::iota(all.begin(), all.end(), Word{0});
        stream.shuffle(std::span<Word>{all});
        std::copy_n(all.begin(), drawn[context].size(), drawn[context].begin());
    }
    return drawn;
}

/// So many words that `samples` windows lie in them, each with a word behind it.
std::vector<Word> text_of(std::uint32_t speaker, std::size_t samples, const Chain& chain, Stream& stream)
{
    const auto dialect = speaker % std::tuple_size_v<Followers>;
    std::vector<Word> text;
    for (int i = 0; i < 2; ++i) text.push_back(static_cast<Word>(stream.below(words)));
    while (text.size() < window + samples) {
        const auto kind = text[text.size() - 2] % kinds;
        const bool by_dialect = stream.below(one_of_dialect_in) == 0;
        const auto choice = by_dialect ? dialect : common_choices[stream.below(common_choices.size())];
        text.push_back(chain[kind * words + text.back()][choice]);
    }
    return text;
}

OwnedSplit make_split(const Chain& chain, Part part)
{
    OwnedSplit split;
    for (std::uint32_t speaker = 0; speaker < speakers; ++speaker) {
        Stream stream{seed, Purpose::synthetic_data, part, speaker};
        const auto samples =
            part == of_test ? test_samples : least_samples + stream.below(most_samples - least_samples + 1);
        const auto text = text_of(speaker, samples, chain, stream);
        for (auto at = text.begin(); at + window != text.end(); ++at) {
            split.values.insert(split.values.end(), at, at + window);
            split.labels.push_back(at[window]);
            split.nodes.push_back(speaker);
        }
    }
    return split;
}

}  // namespace

Dataset make_next_word()
{
    const auto chain = draw_chain();
    return with_samples({.name = std::string{next_word_name},
                         .channels = 1,
                         .height = 1,
                         .width = window,
                         .classes = words,
                         .note = std::string{next_word_note}},
                        make_split(chain, of_training), make_split(chain, of_test));
}

}  // namespace fedgram::datasets
