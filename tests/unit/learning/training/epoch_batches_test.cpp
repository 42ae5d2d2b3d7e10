#include "common/learning/training/epoch_batches.hpp"

#include <catch2/catch.hpp>

#include <vector>

using fedgram::learning::EpochBatches;
using fedgram::spec::LastBatch;

namespace {

std::vector<std::size_t> sizes(const EpochBatches& batches)
{
    std::vector<std::size_t> all;
    for (std::size_t first = 0, count = batches.at(0); count > 0; first += count, count = batches.at(first))
        all.push_back(count);
    return all;
}

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("What is left behind the last whole batch is kept, left out, or joins it", "[learning]")
{
    CHECK(sizes({9, 4, LastBatch::keep}) == Sizes{4, 4, 1});
    CHECK(sizes({9, 4, LastBatch::drop}) == Sizes{4, 4});
    CHECK(sizes({9, 4, LastBatch::merge}) == Sizes{4, 5});
    CHECK(sizes({8, 4, LastBatch::merge}) == Sizes{4, 4});
    CHECK(sizes({3, 4, LastBatch::drop}) == Sizes{3});
    CHECK(sizes({3, 4, LastBatch::merge}) == Sizes{3});
    CHECK(sizes({7, 4, LastBatch::merge}) == Sizes{7});
}

TEST_CASE("Steps and samples are those of the batches", "[learning]")
{
    for (const auto last : {LastBatch::keep, LastBatch::drop, LastBatch::merge})
        for (std::size_t samples = 1; samples < 30; ++samples)
            for (const std::uint32_t batch : {1U, 2U, 4U, 7U, 40U}) {
                const EpochBatches batches{samples, batch, last};
                const auto each = sizes(batches);
                std::size_t sum = 0;
                for (const auto size : each) sum += size;
                CAPTURE(samples, batch);
                CHECK(batches.steps() == each.size());
                CHECK(batches.samples() == sum);
                std::uint64_t seen = 0;
                for (std::uint64_t step = 0; step <= 3 * each.size(); ++step) {
                    CHECK(batches.samples_in(step) == seen);
                    seen += each[step % each.size()];
                }
            }
}
