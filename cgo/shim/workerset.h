// The set of workers of one unit: included last by each workers_*.cc.
#pragma once

#include "adamworker.h"
#include "flowworker.h"
#include "normalworker.h"
#include "vaebound.h"
#include "vaeworker.h"

namespace ceitorch {
namespace CEI_UNIT {

template <typename T>
constexpr Workers<T> workers_of() {
  return {
      kLanes<T>,
      kVectorsAPanel<T> * kLanes<T>,
      [](const FlowTask<T>& t, bool gradient) {
        FlowTask<T> counted = t;
        counted.work = nullptr;
        return FlowWorker<T>(counted, gradient).size();
      },
      [](FlowTask<T>& t) {
        const Tiles ready;
        FlowWorker<T>(t, false).forward_all();
      },
      [](FlowTask<T>& t) {
        const Tiles ready;
        FlowWorker<T>(t, false).inverse_all();
      },
      [](FlowTask<T>& t) {
        const Tiles ready;
        FlowWorker<T>(t, true).gradient_all();
      },
      [](const VaeTask<T>& t) {
        VaeTask<T> counted = t;
        counted.work = nullptr;
        return VaeWorker<T>(counted).size();
      },
      [](VaeTask<T>& t) {
        const Tiles ready;
        VaeWorker<T>(t).loss_all();
      },
      [](VaeTask<T>& t) {
        const Tiles ready;
        VaeWorker<T>(t).draw_all();
      },
      [](const VaeTask<T>& t) {
        VaeTask<T> counted = t;
        counted.work = nullptr;
        return VaeBound<T>(counted).size();
      },
      [](const VaeTask<T>& t) {
        const Tiles ready;
        VaeBound<T>(t).bound_all();
      },
      &adam<T>,
      &sum_of_squares<T>,
      &normal<T>,
  };
}

}  // namespace CEI_UNIT
}  // namespace ceitorch
