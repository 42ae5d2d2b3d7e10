// A CSV file of samples. The first byte says whether a column has their nodes.

#include "datasets/readers/csv_samples.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const fuzz::MemoryFile file;
    if (size == 0) return 0;
    spec::DataFiles own{.format = spec::DataFormat::csv};
    if (data[0] % 2 == 1) own.node_column = "node";
    file.hold({data + 1, size - 1});
    fuzz::allow_refusal<DataError>([&] {
        const auto raw = datasets::read_csv_samples({.files = {file.path().string()}}, own);
        fuzz::require(raw.size() > 0 && raw.values.size() == raw.size() * raw.features.size(),
                      "each sample has a value for each feature");
        fuzz::require(raw.nodes.size() == (own.node_column.empty() ? 0 : raw.size()), "each sample has its node");
        fuzz::require(std::ranges::all_of(raw.values, [](float value) { return std::isfinite(value); }),
                      "each value is finite");
        for (std::size_t i = 0; i < raw.size(); ++i)
            fuzz::require(!raw.labels[i].empty() && raw.where(i).starts_with(file.path().string() + ":"),
                          "each sample has a label and a line");
    });
    return 0;
}
