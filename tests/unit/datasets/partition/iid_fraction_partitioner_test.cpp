#include "datasets/partition/iid_fraction_partitioner.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using Counts = std::vector<std::uint32_t>;

TEST_CASE("The even share is dealt by label and the rest by halves of the classes", "[datasets]")
{
    // 4 classes x 8 samples over 4 nodes, half of it even. Interleaved 0 1 2 3 0 1 2 3 ...: the first 16, dealt in
    // order, give each node one of each class. Of the other 16 the 8 of classes 0 and 1 fill nodes 0 and 1 with 4
    // each, those of classes 2 and 3 nodes 2 and 3.
    const auto labels = balanced_labels(4, 8);
    Stream stream{1, Purpose::partition};
    const auto shares = iid_fraction_partition(labels, 4, 4, 0.5, stream);
    for (std::size_t node = 0; node < 4; ++node) {
        const auto counts = class_counts(shares[node], labels, 4);
        CHECK(shares[node].size() == 8);
        CHECK(*std::min_element(counts.begin(), counts.end()) >= 1);
        CHECK(counts[0] + counts[1] == (node < 2 ? 6 : 2));
    }
}

TEST_CASE("An IID fraction of 1 gives every node the same count of every class", "[datasets]")
{
    const auto labels = balanced_labels(10, 60);
    Stream stream{1, Purpose::partition};
    for (const auto& share : iid_fraction_partition(labels, 10, 10, 1, stream))
        CHECK(class_counts(share, labels, 10) == Counts(10, 6));
}

TEST_CASE("An IID fraction of 0 gives half of the nodes only lower classes and half only upper ones", "[datasets]")
{
    const auto labels = balanced_labels(10, 60);
    Stream stream{1, Purpose::partition};
    const auto shares = iid_fraction_partition(labels, 10, 10, 0, stream);
    for (std::size_t node = 0; node < 10; ++node)
        for (const auto sample : shares[node]) CHECK((labels[sample] < 5) == (node < 5));
}

TEST_CASE("Sizes differ by at most one, whatever the fraction", "[datasets]")
{
    const auto labels = balanced_labels(3, 11);
    for (const double fraction : {0.0, 0.1, 0.33, 0.5, 0.9, 1.0}) {
        Stream stream{1, Purpose::partition};
        // 33 over 7 nodes: five of 5 and two of 4.
        CHECK(sizes_of(iid_fraction_partition(labels, 3, 7, fraction, stream)) ==
              std::vector<std::size_t>{5, 5, 5, 5, 5, 4, 4});
    }
}
