#include "common/learning/pruning/sparse_exchange.hpp"

#include <bit>
#include <cstring>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Floats = std::vector<float>;

namespace {

/// A weight of two rows of two, one that is 0 throughout, and a bias.
ParameterTable small_table()
{
    return {.slots = {{.name = "a.weight", .shape = {2, 2}, .offset = 0, .size = 4},
                      {.name = "b.weight", .shape = {1, 2}, .offset = 4, .size = 2},
                      {.name = "b.bias", .shape = {2}, .offset = 6, .size = 2}},
            .size = 8};
}

Floats sparse_values(std::size_t count, double density)
{
    Stream stream{5, Purpose::probe};
    Floats values(count);
    for (auto& value : values)
        if (stream.uniform() < density) value = static_cast<float>(stream.uniform()) + 1;
    return values;
}

bool same_bits(const Floats& a, const Floats& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("what is +0 in a weight is pruned, but in one that is 0 throughout, and in no bias", "[pruning]")
{
    const Floats values{0, 1, -0.0F, 0, 0, 0, 0, 3};
    const auto mask = mask_of_zeros(small_table(), values);
    const std::vector<std::uint8_t> kept{0, 1, 1, 0, 1, 1, 1, 1};
    CHECK(std::vector(mask.kept().begin(), mask.kept().end()) == kept);
    CHECK(mask.kept_count() == 6);
}

TEST_CASE("an update's kept values go out in their order, and come back with the same bits between zeros", "[pruning]")
{
    const auto mask = mask_of_zeros(small_table(), Floats{0, 1, 1, 0, 1, 1, 1, 1});
    const Floats update{0, 5, -0.0F, 0, std::numeric_limits<float>::quiet_NaN(), 1e-40F, 7, 8};
    auto sent = update;
    leave_kept_values(mask, sent);
    CHECK(same_bits(sent, {5, -0.0F, std::numeric_limits<float>::quiet_NaN(), 1e-40F, 7, 8}));
    Floats placed(8, 9);
    place_kept_values(std::as_bytes(std::span{sent}), mask, placed);
    CHECK(same_bits(placed, update));

    for (const std::size_t bytes : {0, 20, 23})
        CHECK_THROWS_AS(place_kept_values(std::as_bytes(std::span{sent}).first(bytes), mask, placed), DataError);
    CHECK_THROWS_WITH(place_kept_values(std::as_bytes(std::span{update}), mask, placed),
                      "it has 32 bytes; the values of the 6 parameters that are not pruned take 24");
}

TEST_CASE("a sparse model goes down in the smallest form, and comes back with the same bits", "[pruning]")
{
    const auto check = [](double density, TensorForm form, double share) {
        CAPTURE(density);
        const auto model = sparse_values(100'000, density);
        const auto sparse = smallest_sparse_model(model);
        REQUIRE(sparse);
        CHECK(sparse->form == form);
        CHECK(static_cast<double>(sparse->bytes) / 400'000 == Approx(share).epsilon(0.02));
        const auto message = sparse_model_message(*sparse, model);
        CHECK(message.size() == sparse->bytes);
        CHECK(same_bits(read_sparse_model(message, model.size()), model));
    };
    // A density d takes 1/32 + d as a bitmap; the others as pruning/README.md has them.
    check(0.5, TensorForm::bitmap, 1. / 32 + 0.5);
    check(0.1, TensorForm::relative_5, 0.120);
    check(0.05, TensorForm::relative_8, 0.063);
    Floats with_both_zeros(1000, 0.0F);
    with_both_zeros[7] = -0.0F;
    CHECK(same_bits(
        read_sparse_model(sparse_model_message(*smallest_sparse_model(with_both_zeros), with_both_zeros), 1000),
        with_both_zeros));
}

TEST_CASE("a model of which too little is pruned goes down as it is", "[pruning]")
{
    // As a bitmap, 1000 values take 125 bytes beside 4 for each that isn't 0, and one names the form.
    Floats model(1000, 1.0F);
    CHECK_FALSE(smallest_sparse_model(model));
    std::fill_n(model.begin(), 31, 0.0F);
    CHECK_FALSE(smallest_sparse_model(model));
    model[31] = 0;
    REQUIRE(smallest_sparse_model(model));
    CHECK(smallest_sparse_model(model)->bytes == 3998);
}

TEST_CASE("what isn't a sparse model is refused", "[pruning]")
{
    const auto refused = [](std::vector<std::byte> message) {
        try {
            (void)read_sparse_model(message, 8);
        } catch (const DataError& error) {
            return std::string{error.what()};
        }
        return std::string{"none"};
    };
    const Floats model{0, 0, 0, 0, 0, 0, 2, 0};
    const auto bitmap = sparse_model_message({TensorForm::bitmap, 6}, model);
    CHECK(refused(bitmap) == "none");
    CHECK(refused({}) == "a model has no byte, not even one that names its form");
    for (const int form : {0, 7, 255}) {
        auto other = bitmap;
        other[0] = static_cast<std::byte>(form);
        CHECK(refused(other) == "a model is in form " + std::to_string(form) + "; the sparse ones are 1 to 6");
    }
    auto longer = bitmap;
    longer.push_back({});
    CHECK_THAT(refused(longer), Catch::StartsWith("a model has "));
    CHECK_THAT(refused({bitmap.begin(), bitmap.end() - 1}), Catch::StartsWith("a model has "));
}
