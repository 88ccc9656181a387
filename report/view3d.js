// view3d draws atoms on a canvas: draws as clouds, the truth as balls and sticks. Lengths are in Å, seen from far away,
// so that a length looks the same at any depth. It returns what the page's controls call.
function view3d(canvas, scene) {
  const context = canvas.getContext("2d");
  const start = product(about(0, -0.3), about(1, 0.25));
  const state = { example: 0, turn: start, zoom: 1, centre: -1, draws: true, truth: true };
  let waiting = false;

  function about(axis, angle) {
    const c = Math.cos(angle), s = Math.sin(angle);
    return axis === 0 ? [1, 0, 0, 0, c, -s, 0, s, c] : [c, 0, s, 0, 1, 0, -s, 0, c];
  }

  function product(a, b) {
    const out = [];
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        out.push(a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j]);
      }
    }
    return out;
  }

  // The geometry that stands for an example: the truth, or else the mean of the draws.
  function geometry(example) {
    if (example.truth) return example.truth;
    const width = 3 * scene.atoms.length, mean = new Array(width).fill(0);
    example.draws.forEach((x, i) => { mean[i % width] += x * width / example.draws.length; });
    return mean;
  }

  function middle(atoms) {
    const n = atoms.length / 3;
    const sum = (k) => atoms.reduce((total, x, i) => total + (i % 3 === k ? x : 0), 0);
    return [sum(0) / n, sum(1) / n, sum(2) / n];
  }

  // One size for all examples, so that they can be compared.
  const reach = Math.max(...scene.examples.map((example) => {
    const atoms = geometry(example), at = middle(atoms);
    let most = 0;
    for (let i = 0; i < atoms.length; i += 3) {
      most = Math.max(most, Math.hypot(atoms[i] - at[0], atoms[i + 1] - at[1], atoms[i + 2] - at[2]));
    }
    return most;
  })) + 0.3;

  function camera() {
    const width = canvas.clientWidth, height = canvas.clientHeight;
    const atoms = geometry(scene.examples[state.example]);
    const at = state.centre < 0 ? middle(atoms) : atoms.slice(3 * state.centre, 3 * state.centre + 3);
    const scale = state.zoom * 0.46 * Math.min(width, 1.3 * height) / reach, m = state.turn;
    const turned = (x, y, z) => [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
    const project = (flat, i) => {
      const [x, y, z] = turned(flat[i] - at[0], flat[i + 1] - at[1], flat[i + 2] - at[2]);
      return { x: width / 2 + scale * x, y: height / 2 - scale * y, z };
    };
    return { width, height, scale, turned, project };
  }

  // mixed returns a colour #rrggbb, a share of the way to white (255) or black (0).
  function mixed(colour, to, share) {
    const part = (i) => Math.round(parseInt(colour.slice(i, i + 2), 16) * (1 - share) + to * share);
    return `rgb(${part(1)} ${part(3)} ${part(5)})`;
  }

  // Bonds of some draws, so that one sees which atoms go together.
  function threads(view, example, colours) {
    const width = 3 * scene.atoms.length, most = 100 * width;
    context.strokeStyle = colours.soft;
    context.lineWidth = 1;
    context.globalAlpha = 0.2;
    for (let i = 0; i < Math.min(most, example.draws.length); i += width) {
      for (const [a, b] of scene.bonds) {
        const from = view.project(example.draws, i + 3 * a), to = view.project(example.draws, i + 3 * b);
        context.beginPath();
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
        context.stroke();
      }
    }
  }

  function cloud(view, example, shapes) {
    for (let i = 0; i < example.draws.length; i += 3) {
      const p = view.project(example.draws, i);
      if (p.x < -5 || p.y < -5 || p.x > view.width + 5 || p.y > view.height + 5) continue;
      const near = Math.min(1, Math.max(0, 0.5 + p.z / (2 * reach)));
      const colour = scene.atoms[(i / 3) % scene.atoms.length].colour;
      shapes.push({
        z: p.z, paint() {
          context.globalAlpha = 0.3 + 0.25 * near;
          context.fillStyle = colour;
          context.beginPath();
          context.arc(p.x, p.y, 2.2 + near, 0, 2 * Math.PI);
          context.fill();
        },
      });
    }
  }

  function sticks(view, truth, radius, shapes) {
    const pieces = 12, behind = 0.3; // Å, by which clouds may lie within a stick and yet be seen
    for (const [a, b] of scene.bonds) {
      const from = view.project(truth, 3 * a), to = view.project(truth, 3 * b);
      for (let k = 0; k < pieces; k++) {
        const at = (t) => ({ x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t });
        const p = at(k / pieces), q = at((k + 1.15) / pieces), middle = (k + 0.5) / pieces;
        shapes.push({
          z: from.z + (to.z - from.z) * middle - behind, paint() {
            const line = (width, style) => {
              context.lineWidth = width;
              context.strokeStyle = style;
              context.beginPath();
              context.moveTo(p.x, p.y);
              context.lineTo(q.x, q.y);
              context.stroke();
            };
            const colour = scene.atoms[middle < 0.5 ? a : b].colour;
            context.globalAlpha = 1;
            line(radius * 0.6, mixed(colour, 0, 0.25));
            line(radius * 0.3, mixed(colour, 255, 0.35));
          },
        });
      }
    }
  }

  function balls(view, truth, radius, shapes) {
    scene.atoms.forEach((atom, i) => {
      const p = view.project(truth, 3 * i);
      shapes.push({
        z: p.z, paint() {
          const shade = context.createRadialGradient(p.x - 0.35 * radius, p.y - 0.4 * radius, 0.1 * radius, p.x, p.y, radius);
          shade.addColorStop(0, mixed(atom.colour, 255, 0.75));
          shade.addColorStop(0.5, atom.colour);
          shade.addColorStop(1, mixed(atom.colour, 0, 0.45));
          context.globalAlpha = 1;
          context.fillStyle = shade;
          context.beginPath();
          context.arc(p.x, p.y, radius, 0, 2 * Math.PI);
          context.fill();
        },
      });
    });
  }

  function text(words, x, y, colours) {
    context.globalAlpha = 1;
    context.lineWidth = 4;
    context.lineJoin = "round";
    context.strokeStyle = colours.back;
    context.strokeText(words, x, y);
    context.fillStyle = colours.ink;
    context.fillText(words, x, y);
  }

  function names(view, example, radius, colours) {
    context.font = "600 14px system-ui, sans-serif";
    context.textAlign = "left";
    const atoms = geometry(example);
    scene.atoms.forEach((atom, i) => {
      const p = view.project(atoms, 3 * i);
      text(atom.label, p.x + radius + 3, p.y - radius, colours);
    });
  }

  function scaleBar(view, colours) {
    const rough = 90 / view.scale, power = 10 ** Math.floor(Math.log10(rough));
    const length = power * (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1);
    const left = 16, bottom = view.height - 16, width = length * view.scale;
    context.globalAlpha = 1;
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(left, bottom - 5);
    context.lineTo(left, bottom);
    context.lineTo(left + width, bottom);
    context.lineTo(left + width, bottom - 5);
    context.stroke();
    context.font = "13px system-ui, sans-serif";
    context.textAlign = "left";
    text(`${Number(length.toPrecision(1))} Å`, left + 6, bottom - 8, colours);
  }

  function axes(view, colours) {
    const x = view.width - 44, y = view.height - 40;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    ["x", "y", "z"].forEach((name, i) => {
      const [dx, dy] = view.turned(i === 0, i === 1, i === 2);
      context.globalAlpha = 1;
      context.strokeStyle = colours.soft;
      context.lineWidth = 1.5;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + 22 * dx, y - 22 * dy);
      context.stroke();
      text(name, x + 31 * dx, y - 31 * dy + 4, colours);
    });
  }

  function paint() {
    waiting = false;
    const density = window.devicePixelRatio || 1, view = camera();
    canvas.width = Math.round(view.width * density);
    canvas.height = Math.round(view.height * density);
    context.setTransform(density, 0, 0, density, 0, 0);
    const style = getComputedStyle(document.documentElement);
    const colours = { ink: style.getPropertyValue("--ink"), soft: style.getPropertyValue("--soft"), back: style.getPropertyValue("--view") };
    const example = scene.examples[state.example], shapes = [];
    const radius = Math.min(10, 0.11 * view.scale);
    if (state.draws) {
      threads(view, example, colours);
      cloud(view, example, shapes);
    }
    if (state.truth && example.truth) {
      sticks(view, example.truth, radius, shapes);
      balls(view, example.truth, radius, shapes);
    }
    shapes.sort((a, b) => a.z - b.z);
    shapes.forEach((shape) => shape.paint());
    names(view, example, radius, colours);
    scaleBar(view, colours);
    axes(view, colours);
  }

  function change(what) {
    Object.assign(state, what);
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(paint);
    }
  }

  const turnBy = (dx, dy) => change({ turn: product(product(about(0, dy), about(1, dx)), state.turn) });
  const zoomBy = (factor) => change({ zoom: Math.min(200, Math.max(0.2, state.zoom * factor)) });
  const reset = () => change({ turn: start, zoom: 1 });

  const fingers = new Map();
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = fingers.size === 2 ? apart() : 0;
    const dx = event.clientX - finger.x, dy = event.clientY - finger.y;
    finger.x = event.clientX;
    finger.y = event.clientY;
    if (fingers.size === 1) turnBy(0.01 * dx, 0.01 * dy);
    if (before > 0) zoomBy(apart() / before);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  // The wheel scrolls the page, unless somebody works with the view.
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoomBy(Math.exp(-0.002 * Math.max(-200, Math.min(200, event.deltaY))));
  }, { passive: false });
  const keys = {
    ArrowLeft: () => turnBy(-0.12, 0), ArrowRight: () => turnBy(0.12, 0), ArrowUp: () => turnBy(0, -0.12), ArrowDown: () => turnBy(0, 0.12),
    "+": () => zoomBy(1.25), "=": () => zoomBy(1.25), "-": () => zoomBy(0.8), 0: reset,
  };
  canvas.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  new ResizeObserver(() => change({})).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => change({}));
  matchMedia("print").addEventListener("change", () => change({}));
  change({});
  return { change, turnBy, zoomBy, reset };
}
