// Draws the OpenAPI document. Everything is made with textContent: nothing of the document becomes markup.
const el = (tag, props = {}, ...children) => {
	const node = Object.assign(document.createElement(tag), props);
	node.append(...children.filter((c) => c !== null && c !== undefined));
	return node;
};

let schemas = {};
const nameOf = (ref) => ref.split('/').pop();
const resolve = (schema) => (schema?.$ref ? schemas[nameOf(schema.$ref)] : schema) ?? {};

function typeOf(schema) {
	if (!schema) return 'anything';
	if (schema.$ref) return nameOf(schema.$ref);
	const types = [].concat(schema.type ?? 'anything');
	const words = types.map((t) => {
		if (t === 'array') return `list of ${typeOf(schema.items)}`;
		if (t === 'object' && typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties)}`;
		return schema.format && t === 'string' ? schema.format : t;
	});
	return words.join(' or ');
}

function limits(schema) {
	const s = schema ?? {};
	const parts = [];
	if (s.enum) parts.push(`one of ${s.enum.join(', ')}`);
	if (s.default !== undefined) parts.push(`default ${JSON.stringify(s.default)}`);
	if (s.minimum !== undefined) parts.push(`from ${s.minimum}`);
	if (s.maximum !== undefined) parts.push(`to ${s.maximum}`);
	if (s.minLength) parts.push(`at least ${s.minLength} characters`);
	if (s.maxLength !== undefined) parts.push(`at most ${s.maxLength} characters`);
	if (s.minItems) parts.push(`at least ${s.minItems}`);
	if (s.maxItems !== undefined) parts.push(`at most ${s.maxItems}`);
	return parts.join(', ');
}

function row(name, schema, required, text) {
	const inner = schema?.type === 'array' ? schema.items : typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : schema;
	const nested = resolve(inner).properties ? inner : null;
	return el('tr', {},
		el('td', {}, el('code', { textContent: name }), required ? el('span', { textContent: ' required', className: 'soft' }) : null),
		el('td', {}, el('span', { textContent: typeOf(schema) }),
			el('span', { className: 'soft', textContent: [text ?? schema?.description, limits(schema)].filter(Boolean).map((t) => ` · ${t}`).join('') }),
			nested ? fold(nested) : null));
}

// Nested fields are drawn when they are opened, so that a type may contain itself.
function fold(schema) {
	const node = el('details', {}, el('summary', { textContent: 'fields' }));
	node.addEventListener('toggle', () => node.childElementCount === 1 && node.append(fields(schema)), { once: true });
	return node;
}

function fields(schema) {
	const s = resolve(schema);
	const required = new Set(s.required ?? []);
	return el('table', {}, ...Object.entries(s.properties ?? {}).map(([name, p]) => row(name, p, required.has(name))));
}

function content(title, media) {
	if (!media) return null;
	const [kind, { schema }] = Object.entries(media)[0] ?? ['', {}];
	if (!schema) return null;
	const box = el('div', {}, el('h3', { textContent: `${title} · ${kind} · ${typeOf(schema)}` }));
	const inner = resolve(schema).properties ? schema : schema.type === 'array' ? schema.items : null;
	if (inner) box.append(fields(inner));
	return box;
}

function operation(op) {
	const scopes = (op.security ?? []).flatMap((s) => Object.values(s).flat());
	const who = op.security?.length ? (scopes.length ? `Needs ${scopes.join(', ')}.` : 'Needs a session.') : 'Open to everybody.';
	const section = el('section', { id: op.operationId },
		el('h2', { textContent: op.summary }),
		el('p', { className: 'path' }, el('span', { className: `method ${op.method}`, textContent: `${op.method} ` }), el('code', { textContent: op.path })),
		el('p', { className: 'soft', textContent: [op.description, who].filter(Boolean).join(' ') }));
	if (op.parameters?.length)
		section.append(el('h3', { textContent: 'Parameters' }),
			el('table', {}, ...op.parameters.map((p) => row(`${p.name} (${p.in})`, p.schema, p.required, p.description))));
	section.append(...[content('Body', op.requestBody?.content),
		...Object.entries(op.responses ?? {}).filter(([status]) => status !== 'default').map(([status, r]) => content(`Reply ${status}`, r.content) ?? el('h3', { textContent: `Reply ${status}` })),
	].filter(Boolean));
	return section;
}

function draw(doc) {
	schemas = doc.components?.schemas ?? {};
	const base = doc.servers?.[0]?.url ?? '';
	const operations = Object.entries(doc.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, op]) => ({ ...op, method: method.toUpperCase(), path: base + path })));
	const main = document.getElementById('main');
	main.replaceChildren(el('h1', { textContent: `${doc.info.title} ${doc.info.version}` }), el('p', { className: 'soft', textContent: doc.info.description ?? '' }));
	const entries = operations.map((op) => {
		const section = operation(op);
		main.append(section);
		const link = el('a', { href: `#${op.operationId}` }, el('span', { className: `method ${op.method}`, textContent: op.method }), el('span', { textContent: op.path.slice(base.length) }));
		return { section, link, tag: op.tags?.[0] ?? '', words: `${op.method} ${op.path} ${op.summary} ${op.description ?? ''}`.toLowerCase() };
	});
	main.append(el('section', { id: 'errors' }, el('h2', { textContent: 'Refusals' }),
		el('p', { className: 'soft', textContent: 'Every refusal is application/problem+json (RFC 9457). Its code is stable.' }), fields({ $ref: '#/components/schemas/Problem' })));
	const index = document.getElementById('index');
	const filter = () => {
		const words = document.getElementById('search').value.toLowerCase().split(/\s+/).filter(Boolean);
		index.replaceChildren();
		let tag = null;
		for (const e of entries) {
			const shown = words.every((w) => e.words.includes(w));
			e.section.hidden = !shown;
			if (!shown) continue;
			if (e.tag !== tag) index.append(el('h2', { textContent: (tag = e.tag) }));
			index.append(e.link);
		}
		if (!index.childElementCount) index.append(el('p', { className: 'soft', textContent: 'Nothing fits.' }));
	};
	document.getElementById('search').addEventListener('input', filter);
	filter();
	if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

fetch('/api/openapi.json')
	.then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.statusText))))
	.then(draw)
	.catch((e) => document.getElementById('main').replaceChildren(el('p', { textContent: `The document could not be loaded: ${e.message}` })));
