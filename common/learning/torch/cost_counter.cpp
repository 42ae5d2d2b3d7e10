#include "common/learning/torch/cost_counter.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

#include "common/learning/torch/call_cost.hpp"
#include "common/learning/torch/libtorch_flops.hpp"
#include "common/learning/torch/operator_call.hpp"
#include "common/learning/torch/operator_rules.hpp"

namespace fedgram::learning::torch_engine {

namespace {

// What a call is to the count.
enum class Role {
    item,    // it is counted
    made_of  // its parts are
};

struct Call : at::ObserverContext {
    Call(OperatorCall recorded, Role its_role) : operation{std::move(recorded)}, role{its_role} {}

    OperatorCall operation;
    Role role;
    bool within_item = false;      // a part of what is counted as a whole
    bool checked = false;          // LibTorch's count takes it
    std::uint64_t items_before{};  // of the calls that have been counted until it began
};

struct Counter {
    std::set<const void*> module_memory;
    std::vector<OperatorCost> items;
    std::vector<std::string> composites;  // in which the present call stands, the outermost first
    std::uint64_t calls = 0;              // that are counted
    std::optional<std::size_t> current;   // the item that is being called
    bool checking = false;                // within a call that LibTorch's count takes
};

// The hooks are plain functions; one thread counts at a time.
thread_local Counter* counter = nullptr;

std::size_t item_of(const std::string& name)
{
    const auto full = counter->composites.empty() ? name : name + " in " + counter->composites.front();
    auto& items = counter->items;
    const auto found = std::find_if(items.begin(), items.end(), [&](const auto& each) { return each.name == full; });
    if (found != items.end()) return static_cast<std::size_t>(found - items.begin());
    items.push_back({.name = full, .cost = ModelCost{}, .check = std::nullopt});
    return items.size() - 1;
}

void begin_check(Call& call)
{
    call.checked = !counter->checking && has_libtorch_flops(call.operation.name());
    counter->checking = counter->checking || call.checked;
}

void end_check(const Call& call)
{
    if (!call.checked) return;
    counter->checking = false;
    if (const auto flops = libtorch_flops(call.operation)) {
        auto& check = counter->items[*counter->current].check;
        check = check.value_or(0) + *flops;
    }
}

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& recorded)
{
    if (counter == nullptr) return nullptr;  // a thread that the model has forked: see forks()
    auto operation = OperatorCall::of(recorded);
    if (!operation) return nullptr;
    const bool known = rule_of(operation->name()).has_value();
    const auto role = known || !operation->is_composite() ? Role::item : Role::made_of;
    auto call = std::make_unique<Call>(*std::move(operation), role);
    call->within_item = counter->current.has_value();
    call->items_before = counter->calls;
    if (!call->within_item) {
        if (role == Role::item)
            counter->current = item_of(call->operation.name());
        else
            counter->composites.push_back(call->operation.name());
    }
    begin_check(*call);
    return call;
}

void end_item(const OperatorCall& operation)
{
    auto& item = counter->items[*counter->current];
    ++item.calls;
    ++counter->calls;
    const auto rule = rule_of(operation.name());
    if (rule)
        *item.cost += call_cost(*rule, operation, counter->module_memory);
    else
        item.cost.reset();
    counter->current.reset();
}

void on_end(const at::RecordFunction& recorded, at::ObserverContext* context)
{
    if (context == nullptr) return;
    auto& call = static_cast<Call&>(*context);
    call.operation.finish(recorded);
    end_check(call);
    if (call.within_item) return;
    if (call.role == Role::item) {
        end_item(call.operation);
        return;
    }
    counter->composites.pop_back();
    const auto& results = call.operation.results();
    const bool writes =
        std::any_of(results.begin(), results.end(), [&](const auto& each) { return call.operation.writes(each); });
    // It should be made of others, but none was seen at work.
    if (writes && counter->calls == call.items_before) {
        counter->current = item_of(call.operation.name());
        end_item(call.operation);
    }
}

class Hooks {
public:
    explicit Hooks(Counter& target)
    {
        counter = &target;
        handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(on_start, on_end)
                                                 .needsInputs(true)
                                                 .needsOutputs(true)
                                                 .scopes({at::RecordScope::FUNCTION}));
    }
    ~Hooks()
    {
        at::removeCallback(handle_);
        counter = nullptr;
    }
    Hooks(const Hooks&) = delete;
    Hooks& operator=(const Hooks&) = delete;

private:
    at::CallbackHandle handle_{};
};

// Places where a block forks: what runs on another thread isn't seen.
std::uint64_t forks(const torch::jit::Block& block)
{
    std::uint64_t count = 0;
    for (const auto* node : block.nodes()) {
        count += node->kind() == torch::jit::prim::fork ? 1 : 0;
        for (const auto* inner : node->blocks()) count += forks(*inner);
    }
    return count;
}

OperatorCost per_sample(OperatorCost item, std::uint64_t samples)
{
    if (item.check) *item.check /= samples;
    if (!item.cost) return item;
    item.cost->forward_flops /= samples;
    item.cost->backward_flops /= samples;
    item.cost->forward_bytes /= samples;
    item.cost->backward_bytes /= samples;
    // What multiplies nothing is nothing to LibTorch's count too.
    if (item.cost->forward_flops == 0 && !item.check) item.check = 0;
    return item;
}

}  // namespace

std::vector<OperatorCost> cost_of_forward(torch::jit::Module& module, const torch::Tensor& input, std::uint64_t samples,
                                          c10::IValue& output)
{
    Counter count;
    for (const auto& parameter : module.parameters()) count.module_memory.insert(memory_of(parameter));
    for (const auto& buffer : module.buffers()) count.module_memory.insert(memory_of(buffer));
    {
        const Hooks hooks{count};
        const at::RecordFunctionGuard recording{/*is_enabled=*/true};
        output = module.forward({input});
    }
    std::vector<OperatorCost> items;
    for (auto& item : count.items) items.push_back(per_sample(std::move(item), samples));

    const auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    if (const auto forked = forks(*graph->block()); forked > 0)
        items.push_back({.name = "prim::fork", .calls = forked, .cost = std::nullopt, .check = std::nullopt});
    return items;
}

}  // namespace fedgram::learning::torch_engine
