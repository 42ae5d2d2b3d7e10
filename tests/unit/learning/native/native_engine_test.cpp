#include <memory>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/native/native_engine.hpp"
#include "common/learning/open_engine.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"

using namespace fedgram;
using namespace fedgram::learning;

std::vector<Engine*> learning::engines_under_test()
{
    static const auto engines = [] {
        std::vector<std::unique_ptr<Engine>> made;
        for (const auto set : native::usable_instruction_sets()) made.push_back(native::make_engine(set));
        return made;
    }();
    std::vector<Engine*> pointers;
    for (const auto& engine : engines) pointers.push_back(engine.get());
    return pointers;
}

TEST_CASE("The native engine needs no BLAS and names its instruction set")
{
    const auto info = open_engine("native")->info();
    CHECK(info.name == "native");
    CHECK(info.blas == "none");
    CHECK(info.cpu == native::name(native::usable_instruction_sets().back()));
}

TEST_CASE("A TorchScript file is refused with the engine that runs it")
{
    const auto engine = open_engine("native");
    const auto what =
        "model.torchscript: model.pt is run by LibTorch alone; use \"engine\": \"torch\" or leave the engine out";
    CHECK_THROWS_AS(engine->describe("model.pt", {}), SpecError);
    CHECK_THROWS_WITH(engine->describe("model.pt", {}), what);
    CHECK_THROWS_WITH(engine->itemize("model.pt", {}), what);
    Model model;
    model.torchscript = "model.pt";
    CHECK_THROWS_WITH(engine->replica(model, {}), what);
    CHECK_THROWS_WITH(engine->stored_parameters(model), what);
}
