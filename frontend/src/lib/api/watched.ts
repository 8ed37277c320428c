/** Sends a file as fetch would, and says how much of it is on its way: fetch itself does not tell. */
export function watched(request: Request, body: FormData, onsent: (part: number) => void): Promise<Response> {
	return new Promise((resolve, reject) => {
		const xhr = new XMLHttpRequest();
		const { signal } = request;
		const abort = () => xhr.abort();
		xhr.open(request.method, request.url);
		request.headers.forEach((value, name) => {
			if (name !== 'content-type') xhr.setRequestHeader(name, value); // the boundary is the browser's
		});
		xhr.upload.onprogress = (e) => e.lengthComputable && onsent(e.loaded / e.total);
		xhr.onload = () => resolve(new Response(xhr.status === 204 ? null : xhr.response, { status: xhr.status, headers: headersOf(xhr) }));
		xhr.onerror = () => reject(new TypeError('network'));
		xhr.onabort = () => reject(signal.reason ?? new DOMException('aborted', 'AbortError'));
		xhr.onloadend = () => signal.removeEventListener('abort', abort);
		signal.addEventListener('abort', abort);
		xhr.responseType = 'blob';
		if (signal.aborted) return reject(signal.reason);
		xhr.send(body);
	});
}

function headersOf(xhr: XMLHttpRequest): Headers {
	const headers = new Headers();
	for (const line of xhr.getAllResponseHeaders().trim().split(/\r\n/)) {
		const at = line.indexOf(':');
		if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim());
	}
	return headers;
}
