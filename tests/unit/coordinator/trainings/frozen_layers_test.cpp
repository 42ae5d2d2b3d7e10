#include "coordinator/trainings/frozen_layers.hpp"

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

datasets::LearnedPart small_cnn_behind_conv2()
{
    datasets::LearnedPart part;
    part.layer = "conv2";
    part.split = learning::split_behind(
        learning::build_model({.name = "small-cnn", .layers = *learning::builtin_layers("small-cnn", 10)},
                              {1, 28, 28, 10}),
        "conv2");
    return part;
}

// By hand: two convolutions of 2,032,128 FLOPs a sample, 160 + 4,640 parameters.
constexpr std::uint64_t forward_flops = 2'032'128;
constexpr std::uint64_t frozen_bytes = 4'800 * 4;

const FrozenLayers::SamplesOf hundred_each = [](std::uint32_t) { return std::uint64_t{100}; };

energy::NodeRound share(std::uint32_t node)
{
    energy::NodeRound share{node, {}, 1'000, 2'000};
    share.train.samples = 200;
    share.train.steps = 7;
    share.train.flops = 7;
    return share;
}

}  // namespace

TEST_CASE("A node takes frozen layers down and computes them in its first round alone")
{
    const auto part = small_cnn_behind_conv2();
    FrozenLayers frozen{part, 3, 32, hundred_each, true, std::nullopt};
    const auto first = frozen.with_first_round(share(1));
    CHECK(first.train.flops == 7 + 100 * forward_flops);
    CHECK(first.train.samples == 200);  // those that train
    CHECK(first.train.steps == 7 + 4);  // 100 samples in batches of 32
    CHECK(first.bytes_down == 1'000 + frozen_bytes);
    CHECK(first.bytes_up == 2'000);
    CHECK(frozen.with_first_round(share(1)) == first);  // it hasn't ended yet

    frozen.ended(std::vector{first});
    CHECK(frozen.with_first_round(share(1)) == share(1));
    CHECK(frozen.with_first_round(share(2)).train == first.train);
    frozen.ended(std::vector{share(1), frozen.with_first_round(share(2))});
    const auto& cost = frozen.cost();
    CHECK(cost.layer == "conv2");
    CHECK(cost.frozen_parameters == 4'800);
    CHECK(cost.learned_parameters == 202'122);
    CHECK(cost.feature_bytes == 6'272);
    CHECK(cost.kept_samples == 200);
    CHECK(cost.read_samples == 600);
    CHECK(cost.download_bytes == 2 * frozen_bytes);
    CHECK(cost.training.flops == 200 * forward_flops);
    CHECK(cost.training.steps == 2 * 4);
    CHECK(cost.written_bytes() == 200 * 6'272);
    CHECK(cost.read_bytes() == 600 * 6'272);
}

TEST_CASE("The first evaluation computes what the others read")
{
    const auto part = small_cnn_behind_conv2();
    FrozenLayers frozen{part, 1, 32, hundred_each, false, std::nullopt};
    learning::Evaluation evaluation;
    evaluation.work.samples = 1'000;
    evaluation.work.steps = 2;
    evaluation.work.flops = 5;
    evaluation.work.kernels = 1;
    const auto first = frozen.with_first_look(evaluation).work;
    CHECK(first.flops == 5 + 1'000 * forward_flops);
    CHECK(first.kernels > evaluation.work.kernels);
    CHECK(first.samples == 1'000);
    CHECK(first.steps == 2 + 2);  // the same batches, through the frozen layers and through those that learn
    CHECK(frozen.with_first_look(evaluation).work == evaluation.work);
    CHECK(frozen.looked_once(evaluation.work) == first);  // of other samples
    CHECK(frozen.cost().evaluated_samples == 2'000);
    CHECK(frozen.cost().read_samples == 3'000);
    CHECK(frozen.cost().evaluation.flops == 2'000 * forward_flops);
    CHECK(frozen.cost().evaluation.steps == 2 * 2);
    CHECK(frozen.with_first_round(share(0)).bytes_down == 1'000);  // a centralized training takes nothing down
}

TEST_CASE("A training that goes on knows who has done it")
{
    const auto part = small_cnn_behind_conv2();
    FrozenLayers before{part, 3, 32, hundred_each, true, std::nullopt};
    before.ended(std::vector{before.with_first_round(share(2))});
    learning::StateWriter writer;
    before.write(writer);
    const auto state = writer.take();
    FrozenLayers after{part, 3, 32, hundred_each, true, before.cost()};
    learning::StateReader reader{state};
    after.read(reader);
    CHECK(after.cost() == before.cost());
    CHECK(after.with_first_round(share(2)) == share(2));
    CHECK(after.with_first_round(share(0)) != share(0));

    FrozenLayers central{part, 1, 32, hundred_each, false, std::nullopt};
    central.ended(std::vector{central.with_first_round(share(0))});
    const FrozenLayers goes_on{part, 1, 32, hundred_each, false, central.cost()};
    CHECK(goes_on.with_first_round(share(0)) == share(0));
}
