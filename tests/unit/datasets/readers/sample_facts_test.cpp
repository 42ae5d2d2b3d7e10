#include "datasets/readers/sample_facts.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace fedgram::datasets;

TEST_CASE("The facts of a dataset are its own shape and counts, and what its making says", "[datasets]")
{
    const std::array<std::uint8_t, 4> labels{};
    Dataset data;
    data.channels = 3;
    data.height = 32;
    data.width = 16;
    data.classes = 2;
    data.test.labels = labels;
    CHECK(sample_facts(data) == R"({"shape":[3,32,16],"class_count":2,"test_samples":4})");
    data.making = R"({"classes":["cat","dog"],"owners":["ann","bob"]})";
    CHECK(sample_facts(data) == R"({"shape":[3,32,16],"class_count":2,"test_samples":4,"classes":["cat","dog"]})");
}
